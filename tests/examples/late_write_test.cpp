// examples/lock with a holder that stands still: it loses its lock, does not know it, and writes.

#include <gtest/gtest.h>

#include <csignal>

#include "connect/served_redis.hpp"
#include "live/fixture/child_process.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave::live {
namespace {

TEST(ExampleLock, ALateWriteOfAHolderThatStoodStillIsRefused) {
    const TempFolder folder;
    const ServedRedis redis;
    const std::string url = redis.url() + "?lock_timeout=1&durability=always";
    const auto example = [&](const std::string& member) {
        return ChildProcess::Options{
            .arguments = {CONCLAVE_EXAMPLE_LOCK, url, member, "L", folder.file("ledger")},
            .piped = true};
    };
    ChildProcess first(example("worker-1"));
    EXPECT_EQ(first.read_line(), "worker-1 holds L, token 1");
    first.write_line("rent");
    EXPECT_EQ(first.read_line(), "wrote: rent");

    first.signal(SIGSTOP);
    ChildProcess second(example("worker-2"));
    EXPECT_EQ(second.read_line(), "worker-2 holds L, token 2") << "the first one's lease lapsed";
    second.write_line("wages");
    EXPECT_EQ(second.read_line(), "wrote: wages");

    first.write_line("rent again");
    first.signal(SIGCONT);
    EXPECT_EQ(first.read_line(), "refused, somebody else was here since: rent again");
    first.close_input();
    EXPECT_EQ(first.read_line(), "worker-1 had lost L");
    EXPECT_EQ(first.wait(), 1);

    second.close_input();
    EXPECT_EQ(second.read_line(), "worker-2 released L");
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(read_file(folder.file("ledger")), "1 rent\n2 wages\n");
}

}  // namespace
}  // namespace conclave::live
