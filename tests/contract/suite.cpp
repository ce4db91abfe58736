#include "suite.hpp"

#include <algorithm>

namespace conclave::contract {

namespace {
constexpr Duration no_room_for = 50ms;  ///< a peer that takes nothing for so long is full
constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t fill_bytes_max = 256 * 1024 * 1024;
}  // namespace

void EnvironmentContract::with_ends(const std::function<void(Runtime&, Ends&)>& body) {
    in_world([&](Runtime& runtime) {
        Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Connected near = runtime.network.connect(listening.listener->endpoint(), soon(runtime));
        ASSERT_EQ(near.status, IoStatus::ok) << near.detail;
        Connected far = listening.listener->accept(soon(runtime));
        ASSERT_EQ(far.status, IoStatus::ok) << far.detail;
        Ends ends{std::move(listening.listener), std::move(near.connection),
                  std::move(far.connection)};
        body(runtime, ends);
    });
}

void while_waiting(Runtime& runtime, const std::vector<std::function<void()>>& operations,
                   const std::function<void(TaskGroup&)>& act) {
    TaskGroup group(runtime.scheduler);
    for (const std::function<void()>& operation : operations) {
        Latch begun(runtime.scheduler);
        group.spawn([&] {
            // The waiter becomes ready only; it runs when the operation gives up control.
            begun.set();
            operation();
        });
        EXPECT_EQ(begun.wait(soon(runtime)), Wake::notified);
    }
    act(group);
    group.join();
}

std::string text_at(std::size_t begin, std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t index = 0; index < size; ++index) {
        const std::uint64_t place = begin + index;
        text[index] = static_cast<char>((place * 0x9e3779b97f4a7c15) >> 56);
    }
    return text;
}

std::size_t fill(Runtime& runtime, Connection& connection) {
    std::size_t accepted = 0;
    while (accepted < fill_bytes_max) {
        const IoResult result =
            connection.write_all(text_at(accepted, chunk_bytes), runtime.after(no_room_for));
        accepted += result.bytes;
        if (result.ok()) continue;
        EXPECT_EQ(result.status, IoStatus::timed_out);
        return accepted;
    }
    ADD_FAILURE() << "the peer has room without end";
    return accepted;
}

std::ostream& operator<<(std::ostream& out, const Received& received) {
    constexpr std::size_t shown = 40;
    return out << received.text.size() << " bytes '"
               << testing::PrintToString(received.text.substr(0, shown)) << "', then "
               << to_string(received.status);
}

Received receive(Runtime& runtime, Connection& connection, std::size_t size) {
    Received received;
    std::vector<char> buffer(64 * 1024);
    while (received.text.size() < size) {
        const std::size_t wanted = std::min(buffer.size(), size - received.text.size());
        const IoResult result = connection.read_some({buffer.data(), wanted}, soon(runtime));
        received.status = result.status;
        if (!result.ok()) break;
        received.text.append(buffer.data(), result.bytes);
    }
    return received;
}

Received receive_all(Runtime& runtime, Connection& connection) {
    return receive(runtime, connection, std::string::npos);
}

IoStatus read_one(Connection& connection, Deadline deadline) {
    char byte;
    return connection.read_some({&byte, 1}, deadline).status;
}

IoStatus write_until_it_ends(Runtime& runtime, Connection& connection) {
    constexpr int writes_max = 10'000;
    for (int write = 0; write < writes_max; ++write) {
        const IoResult result = connection.write_all(text_at(0, 4096), soon(runtime));
        if (!result.ok()) return result.status;
    }
    return IoStatus::ok;
}

}  // namespace conclave::contract
