#pragma once

// The fixtures of the suites of handles: Mutex, Election, Group and what they hand out.

#include "../suite.hpp"

namespace conclave::contract {

/// How long what a client holds with brief() lives without a renewal.
constexpr Duration brief_ttl = std::chrono::seconds(2);
inline Options brief() { return {{"timeout", "2"}}; }

class MutexContract : public DriverContract {};
class LeasedMutexContract : public DriverContract {};
class ServedMutexContract : public DriverContract {};
class FolderMutexContract : public DriverContract {};
class LeadershipContract : public DriverContract {};
class ServedLeadershipContract : public DriverContract {};
class MembershipContract : public DriverContract {};
class ServedMembershipContract : public DriverContract {};
class WatchContract : public DriverContract {};
class FailoverWatchContract : public DriverContract {};
class PushContract : public DriverContract {};

}  // namespace conclave::contract
