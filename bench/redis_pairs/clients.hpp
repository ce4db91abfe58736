#pragma once

// Clients that take and give up one lock in turn. Each measures its own loop, without connecting,
// and says how many pairs of acquire and release it did in a second.

#include "child_process.hpp"

namespace conclave::bench {

/// The limit: what the plainest correct client sends, through hiredis, each reply awaited by a
/// blocking read. SET NX PX, then a script that compares the owner and deletes.
double plain_pairs_per_second(int port, int pairs);
/// The same and a little more: our acquire script, which also moves the fencing counter. Tells how
/// much of the distance to the limit is the server's work.
double plain_script_pairs_per_second(int port, int pairs);
/// The same requests by the system calls that Boost.Asio's reactor makes for each, and by nothing
/// else: send, a read that finds nothing, epoll_wait, read. What any client on it could reach.
double epoll_script_pairs_per_second(int port, int pairs);

/// Our driver, called by a fiber of the runtime that does its I/O.
double fiber_pairs_per_second(int port, int pairs);
/// Our driver, called by an ordinary thread through the runtime's Gate.
double thread_pairs_per_second(int port, int pairs);

/// python3-tooz, in one process that lives as long as this object.
class ToozClient {
public:
    explicit ToozClient(int port);
    double pairs_per_second(int pairs);

private:
    live::ChildProcess process_;
};

}  // namespace conclave::bench
