#pragma once

// The parts of docs/mutants.md that follow from the mutants alone: a test compares them.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "wrong_products.hpp"

namespace conclave::mutants {

inline std::string all_of(const std::vector<std::string>& properties) {
    std::string text;
    for (const std::string& property : properties) text += (text.empty() ? "" : ", ") + property;
    return text;
}

/// "| name | kind | where | by what | seeds", without the seeds for a unit test.
inline std::string row_head(const WrongProduct& product) {
    return "| " + product.name + " | " + std::string(to_string(product.kind)) + " | `" +
           product.scenario + "` | " + all_of(product.properties) + " | " +
           (product.by_test() ? "-" : std::to_string(product.seeds));
}

/// How many there are, of which kinds; mutants with one root cause count once.
inline std::string summary(const std::vector<WrongProduct>& products) {
    std::set<std::string> causes;
    std::map<Kind, std::size_t> kinds;
    for (const WrongProduct& product : products)
        if (causes.insert(product.cause).second) ++kinds[product.kind];
    std::string text = std::to_string(products.size()) + " mutants, " +
                       std::to_string(causes.size()) + " root causes:";
    for (const auto& [kind, count] : kinds)
        text += (text.ends_with(':') ? " " : ", ") + std::string(to_string(kind)) + " " +
                std::to_string(count);
    return text + ".";
}

}  // namespace conclave::mutants
