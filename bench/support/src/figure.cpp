#include "conclave/bench/figure.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace conclave::bench {

std::ostream& operator<<(std::ostream& out, const Figure& figure) {
    const std::ios_base::fmtflags flags = out.flags();
    out << figure.name << ' ' << std::fixed << std::setprecision(figure.median < 100 ? 2 : 0)
        << figure.median << ' ' << figure.unit << ' ' << figure.target << ' ';
    if (figure.ratio == 0) {
        out << '-';
    } else {
        out << std::setprecision(3) << figure.ratio;
    }
    out.flags(flags);
    return out << ' ' << figure.peer << '\n';
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    if (values.size() % 2 == 1) return values[middle];
    return (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> interleave(int rounds, const std::vector<std::function<double()>>& subjects) {
    std::vector<std::vector<double>> samples(subjects.size());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < subjects.size(); ++i) samples[i].push_back(subjects[i]());
    std::vector<double> medians;
    for (const std::vector<double>& sample : samples) medians.push_back(median(sample));
    return medians;
}

}  // namespace conclave::bench
