#include "info.hpp"

#include <algorithm>

namespace conclave::redis {

std::string_view info_field(std::string_view info, std::string_view field) {
    for (std::size_t at = 0; at < info.size();) {
        const std::size_t end = std::min(info.find('\n', at), info.size());
        std::string_view line = info.substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(field) && line.substr(field.size()).starts_with(':'))
            return line.substr(field.size() + 1);
        at = end + 1;
    }
    return {};
}

}  // namespace conclave::redis
