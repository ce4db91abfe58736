#pragma once

// Errors. Every one says whether the operation had no effect or whether its effect is unknown: that
// bit decides whether a caller may retry, and it feeds the recorded history. The hierarchy is the
// seed's (tooz.coordination.ToozError and its leaves); causes chain with std::throw_with_nested,
// which is why no leaf is final.

#include <cstdint>
#include <string>
#include <system_error>

#include "conclave/error_code.hpp"

namespace conclave {

/// The root of all errors of this library.
class Error : public std::system_error {
public:
    explicit Error(const std::string& message, Effect effect = Effect::none,
                   ErrorCode code = ErrorCode::other)
        : std::system_error(make_error_code(code)), message_(message), effect_(effect) {}

    const char* what() const noexcept override { return message_.c_str(); }
    Effect effect() const noexcept { return effect_; }
    ErrorCode error_code() const noexcept { return static_cast<ErrorCode>(code().value()); }

private:
    std::string message_;
    Effect effect_;
};

namespace detail {
/// A leaf whose message and effect are given; `Code` is its identity.
template <ErrorCode Code>
class ErrorLeaf : public Error {
public:
    explicit ErrorLeaf(const std::string& message, Effect effect = Effect::none)
        : Error(message, effect, Code) {}
};
}  // namespace detail

/// The driver lacks a requested characteristic.
class DriverChosenPoorly : public detail::ErrorLeaf<ErrorCode::driver_chosen_poorly> {
    using ErrorLeaf::ErrorLeaf;
};
/// The backend cannot be reached or broke the connection.
class ConnectionError : public detail::ErrorLeaf<ErrorCode::connection> {
    using ErrorLeaf::ErrorLeaf;
};
/// The deadline passed first.
class OperationTimedOut : public detail::ErrorLeaf<ErrorCode::timed_out> {
    using ErrorLeaf::ErrorLeaf;
};
class LockAcquireFailed : public detail::ErrorLeaf<ErrorCode::lock_acquire_failed> {
    using ErrorLeaf::ErrorLeaf;
};
/// A value cannot be written to, or read from, its wire form.
class SerializationError : public detail::ErrorLeaf<ErrorCode::serialization> {
    using ErrorLeaf::ErrorLeaf;
};
/// The backend cannot do this at all.
class NotImplemented : public detail::ErrorLeaf<ErrorCode::not_implemented> {
    using ErrorLeaf::ErrorLeaf;
};
/// A URL or an option is malformed; the message names it and what was expected.
class BadOption : public detail::ErrorLeaf<ErrorCode::bad_option> {
    using ErrorLeaf::ErrorLeaf;
};
/// The backend does not accept who asks, or does not let them do this.
class AccessDenied : public detail::ErrorLeaf<ErrorCode::access_denied> {
    using ErrorLeaf::ErrorLeaf;
};
/// The calling fiber's task group was cancelled.
class Cancelled : public detail::ErrorLeaf<ErrorCode::cancelled> {
    using ErrorLeaf::ErrorLeaf;
};

/// An error about one group.
class GroupError : public Error {
public:
    const std::string& group_id() const noexcept { return group_id_; }

protected:
    GroupError(const std::string& message, ErrorCode code, std::string group_id)
        : Error(message, Effect::none, code), group_id_(std::move(group_id)) {}

private:
    std::string group_id_;
};
class GroupNotCreated : public GroupError {
public:
    explicit GroupNotCreated(const std::string& group)
        : GroupError("Group " + group + " does not exist", ErrorCode::group_not_created, group) {}
};
class GroupAlreadyExist : public GroupError {
public:
    explicit GroupAlreadyExist(const std::string& group)
        : GroupError("Group " + group + " already exists", ErrorCode::group_already_exists, group) {
    }
};
class GroupNotEmpty : public GroupError {
public:
    explicit GroupNotEmpty(const std::string& group)
        : GroupError("Group " + group + " is not empty", ErrorCode::group_not_empty, group) {}
};

/// No such watch is registered on the group.
class WatchCallbackNotFound : public GroupError {
public:
    WatchCallbackNotFound(const std::string& group, std::uint64_t watch)
        : GroupError("Callback " + std::to_string(watch) + " is not registered on group " + group,
                     ErrorCode::watch_callback_not_found, group),
          watch_(watch) {}
    std::uint64_t watch() const noexcept { return watch_; }

private:
    std::uint64_t watch_;
};

/// An error about one member of one group.
class MemberError : public GroupError {
public:
    const std::string& member_id() const noexcept { return member_id_; }

protected:
    MemberError(const std::string& message, ErrorCode code, const std::string& group,
                std::string member)
        : GroupError(message, code, group), member_id_(std::move(member)) {}

private:
    std::string member_id_;
};
class MemberAlreadyExist : public MemberError {
public:
    MemberAlreadyExist(const std::string& group, const std::string& member)
        : MemberError("Member " + member + " has already joined " + group,
                      ErrorCode::member_already_exists, group, member) {}
};
class MemberNotJoined : public MemberError {
public:
    MemberNotJoined(const std::string& group, const std::string& member)
        : MemberError("Member " + member + " has not joined " + group,
                      ErrorCode::member_not_joined, group, member) {}
};

}  // namespace conclave
