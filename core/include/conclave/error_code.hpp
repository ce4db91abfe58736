#pragma once

// What kind of error it is, and what the failed operation did. Part of error.hpp.

#include <cstdint>
#include <string_view>
#include <system_error>

namespace conclave {

/// What a failed operation did to the backend.
enum class Effect : std::uint8_t {
    none,     ///< certainly nothing
    unknown,  ///< it may have happened, or may still happen
};
std::string_view to_string(Effect effect) noexcept;

/// One code per class of error below; the codes of conclave::error_category().
enum class ErrorCode : int {
    other = 1,
    driver_chosen_poorly,
    connection,
    timed_out,
    lock_acquire_failed,
    group_not_created,
    group_already_exists,
    member_already_exists,
    member_not_joined,
    group_not_empty,
    watch_callback_not_found,
    serialization,
    not_implemented,
    bad_option,
    cancelled,
    access_denied,
};
const std::error_category& error_category() noexcept;
inline std::error_code make_error_code(ErrorCode code) noexcept {
    return {static_cast<int>(code), error_category()};
}

}  // namespace conclave

template <>
struct std::is_error_code_enum<conclave::ErrorCode> : std::true_type {};
