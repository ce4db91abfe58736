#pragma once

// The fixture of the contract tests; each world instantiates the suites with its kinds of place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "place.hpp"

namespace conclave::contract {

class DriverContract : public testing::TestWithParam<PlaceKind> {
protected:
    /// Runs `body` in a fresh place of the kind under test.
    void in_place(const std::function<void(Session&)>& body, const PlaceOptions& options = {}) {
        place_ = GetParam().make(options);
        place_->run(place_->url(), body);
    }
    /// Runs `body` in another process of the same place, and waits.
    void elsewhere(Session& here, const std::function<void(Session&)>& body) {
        place_->run_elsewhere(here, body);
    }
    std::unique_ptr<Place> place_;
};
class LockContract : public DriverContract {};
class GroupContract : public DriverContract {};
class ElectionContract : public DriverContract {};
class ConnectionContract : public DriverContract {};
/// Of leases that lapse and locks that can be broken.
class LeaseContract : public DriverContract {};
/// Of locks that may be shared.
class SharedLockContract : public DriverContract {};
class ServerContract : public DriverContract {};
/// Of a folder instead of a server.
class FolderContract : public DriverContract {};

/// Those of `wanted`.
std::vector<PlaceKind> place_kinds(const std::vector<PlaceKind::Backend>& wanted);
inline std::string name_of_place(const testing::TestParamInfo<PlaceKind>& info) {
    return info.param.name;
}

/// Kinds of place of the world that this executable was linked with.
std::vector<PlaceKind> place_kinds();

}  // namespace conclave::contract
