#include "conclave/error.hpp"

namespace conclave {

std::string_view to_string(Effect effect) noexcept {
    return effect == Effect::none ? "none" : "unknown";
}

namespace {
class Category final : public std::error_category {
public:
    const char* name() const noexcept override { return "conclave"; }
    std::string message(int value) const override {
        switch (static_cast<ErrorCode>(value)) {
            case ErrorCode::other: return "error";
            case ErrorCode::driver_chosen_poorly: return "the driver lacks a characteristic";
            case ErrorCode::connection: return "connection error";
            case ErrorCode::timed_out: return "operation timed out";
            case ErrorCode::lock_acquire_failed: return "acquiring the lock failed";
            case ErrorCode::group_not_created: return "group does not exist";
            case ErrorCode::group_already_exists: return "group already exists";
            case ErrorCode::member_already_exists: return "member has already joined";
            case ErrorCode::member_not_joined: return "member has not joined";
            case ErrorCode::group_not_empty: return "group is not empty";
            case ErrorCode::watch_callback_not_found: return "watch is not registered";
            case ErrorCode::serialization: return "value cannot be encoded or decoded";
            case ErrorCode::not_implemented: return "not implemented by this backend";
            case ErrorCode::bad_option: return "bad URL or option";
            case ErrorCode::cancelled: return "cancelled";
            case ErrorCode::access_denied: return "access denied";
        }
        return "unknown conclave error " + std::to_string(value);
    }
};
}  // namespace

const std::error_category& error_category() noexcept {
    static const Category category;
    return category;
}

}  // namespace conclave
