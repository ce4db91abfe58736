#include "suite.hpp"

#include <algorithm>

namespace conclave::contract {

std::vector<PlaceKind> place_kinds(const std::vector<PlaceKind::Backend>& wanted) {
    std::vector<PlaceKind> chosen;
    for (const PlaceKind& kind : place_kinds())
        if (std::ranges::count(wanted, kind.backend) > 0) chosen.push_back(kind);
    return chosen;
}

}  // namespace conclave::contract
