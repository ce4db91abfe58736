#pragma once

// Every mutant, wrapped or patched: one changed decision, where it must be caught, and by what.

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "conclave/scenarios/shrink.hpp"

namespace conclave::mutants {

/// Which part is wrong. The scripts are what the simulated server runs in place of the driver's Lua.
enum class Kind : std::uint8_t { client, redis_client, driver, codec, script, server };
std::string_view to_string(Kind kind) noexcept;

struct WrongProduct {
    std::string name;
    std::string wrong;     ///< the one wrong, as a sentence
    Kind kind = Kind::driver;
    std::string cause;     ///< mutants with the same root cause name the same
    std::string scenario;  ///< where it must be caught, or the folder of a unit test
    std::vector<std::string> properties;  ///< each must catch it; or the test's name
    std::uint64_t seeds = 0;              ///< within seeds 1..this
    const DriverRegistry* drivers = nullptr;  ///< a wrapped driver, or
    int patch = 0;                            ///< the number of a patch

    /// Caught by a unit test instead of a scenario: what cannot show in a run, or hardly.
    bool by_test() const { return scenario.starts_with("tests/"); }
    friend std::ostream& operator<<(std::ostream& out, const WrongProduct& product) {
        return out << product.name;
    }
};
const std::vector<WrongProduct>& wrong_products();
/// Those that a scenario catches.
std::vector<WrongProduct> swept_products();

/// While it lives, run_plan() with its options runs the wrong product.
class OnTrial {
public:
    explicit OnTrial(const WrongProduct& product);
    ~OnTrial();
    OnTrial(const OnTrial&) = delete;
    OnTrial& operator=(const OnTrial&) = delete;
    const scenarios::RunOptions& options() const { return options_; }

private:
    scenarios::RunOptions options_;
};

/// Whether `plan` tells the wrong product from the right one: it violates what it claims, or what the
/// right one keeps on the same Plan.
bool is_caught(const WrongProduct& product, const scenarios::Plan& plan,
               const std::string& property);
/// The first seed in `first`..`last` that catches it; 0 when none does.
std::uint64_t first_caught(const WrongProduct& product, const std::string& property,
                           std::uint64_t first, std::uint64_t last);

/// A Plan in which a wrong product is caught.
struct Find {
    scenarios::Plan plan;
    scenarios::Signature signature;
};
/// The first `count` among seeds 1..`seeds` of the product's scenario, with 20 to 26 drawn faults.
std::vector<Find> finds_of(const WrongProduct& product, std::size_t count, std::uint64_t seeds);

}  // namespace conclave::mutants
