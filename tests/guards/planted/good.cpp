// What simulated code does all the time; the symbol check must not mind it.

#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace conclave::guards::planted {

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};
struct Square : Shape {
    double side = 1;
    double area() const override { return side * side; }
};

constexpr const char* names[] = {"one", "two", "three"};

std::string describe(const std::map<std::string, int>& values, std::size_t which) {
    if (which >= 3) throw std::out_of_range("planted");
    std::ostringstream out;
    const std::unique_ptr<Shape> shape = std::make_unique<Square>();
    for (const auto& [name, value] : values)
        out << name << '=' << value << names[which] << shape->area();
    return out.str();
}

}  // namespace conclave::guards::planted
