#include <hiredis/hiredis.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "clients.hpp"
#include "conclave/codec/redis_scripts.hpp"
#include "stopwatch.hpp"

namespace conclave::bench {

namespace {

constexpr std::string_view compare_and_delete =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
constexpr std::string_view owner = "0123456789abcdef0123456789abcdef";

struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ReplyPointer = std::unique_ptr<redisReply, FreeReply>;

/// The words of a command as hiredis takes them.
template <std::size_t count>
struct Arguments {
    explicit Arguments(const std::array<std::string_view, count>& words) {
        for (std::size_t i = 0; i < count; ++i) {
            starts[i] = words[i].data();
            lengths[i] = words[i].size();
        }
    }
    std::array<const char*, count> starts;
    std::array<std::size_t, count> lengths;
};

/// A blocking connection of hiredis.
class PlainClient {
public:
    explicit PlainClient(int port) : context_(redisConnect("127.0.0.1", port)) {
        if (!context_ || context_->err) throw std::runtime_error("hiredis cannot connect");
    }

    template <std::size_t count>
    ReplyPointer call(const std::array<std::string_view, count>& words) {
        Arguments<count> arguments(words);
        ReplyPointer reply(static_cast<redisReply*>(
            redisCommandArgv(context_.get(), static_cast<int>(count), arguments.starts.data(),
                             arguments.lengths.data())));
        if (!reply) throw std::runtime_error("hiredis lost its connection");
        if (reply->type == REDIS_REPLY_ERROR) throw std::runtime_error(reply->str);
        return reply;
    }

    std::string load(std::string_view script) {
        const ReplyPointer reply = call(std::array<std::string_view, 3>{"SCRIPT", "LOAD", script});
        return {reply->str, static_cast<std::size_t>(reply->len)};
    }

private:
    struct FreeContext {
        void operator()(redisContext* context) const { redisFree(context); }
    };
    std::unique_ptr<redisContext, FreeContext> context_;
};

/// Sends by itself and waits as a reactor does; formats and reads replies by hiredis.
class ReactorClient {
public:
    explicit ReactorClient(int port)
        : context_(redisConnect("127.0.0.1", port)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        if (!context_ || context_->err) throw std::runtime_error("hiredis cannot connect");
        epoll_event event{EPOLLIN | EPOLLET, {}};
        if (epoll_ctl(epoll_, EPOLL_CTL_ADD, context_->fd, &event) != 0)
            throw std::runtime_error("epoll_ctl failed");
    }
    ReactorClient(const ReactorClient&) = delete;
    ReactorClient& operator=(const ReactorClient&) = delete;
    ~ReactorClient() {
        close(epoll_);
        redisFree(context_);
    }

    template <std::size_t count>
    ReplyPointer call(const std::array<std::string_view, count>& words) {
        Arguments<count> arguments(words);
        char* request = nullptr;
        const long long size = redisFormatCommandArgv(
            &request, static_cast<int>(count), arguments.starts.data(), arguments.lengths.data());
        if (size < 0) throw std::runtime_error("hiredis cannot format");
        const ssize_t sent =
            send(context_->fd, request, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        redisFreeCommand(request);
        if (sent != size) throw std::runtime_error("cannot send");
        return read_reply();
    }

private:
    ReplyPointer read_reply() {
        std::array<char, 16 * 1024> buffer;
        for (;;) {
            ssize_t count = recv(context_->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
            while (count < 0) {
                epoll_event event;
                if (epoll_wait(epoll_, &event, 1, 10'000) != 1)
                    throw std::runtime_error("no reply within 10 s");
                count = recv(context_->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
            }
            if (count == 0) throw std::runtime_error("the server hung up");
            redisReaderFeed(context_->reader, buffer.data(), static_cast<std::size_t>(count));
            void* reply = nullptr;
            if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK)
                throw std::runtime_error("a malformed reply");
            if (reply) return ReplyPointer(static_cast<redisReply*>(reply));
        }
    }

    redisContext* context_;
    int epoll_;
};

void require(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
}

void load_scripts(PlainClient& client) {
    client.load(redis::scripts::acquire.body);
    client.load(redis::scripts::release.body);
}

template <class Client>
double script_pairs_per_second(Client& client, int pairs) {
    const std::array<std::string_view, 7> acquire = {
        "EVALSHA", redis::scripts::acquire.sha1, "2", "plain_lock", "plain_lock:fence", owner,
        "30000"};
    const std::array<std::string_view, 5> release = {"EVALSHA", redis::scripts::release.sha1, "1",
                                                     "plain_lock", owner};
    return per_second(pairs, [&] {
        require(client.call(acquire)->integer > 0, "the script found the lock taken");
        require(client.call(release)->integer == 1, "the lock was not ours");
    });
}

}  // namespace

double plain_pairs_per_second(int port, int pairs) {
    PlainClient client(port);
    const std::string sha1 = client.load(compare_and_delete);
    const std::array<std::string_view, 6> acquire = {"SET", "plain_lock", owner,
                                                     "NX",  "PX",         "30000"};
    const std::array<std::string_view, 5> release = {"EVALSHA", sha1, "1", "plain_lock", owner};
    return per_second(pairs, [&] {
        require(client.call(acquire)->type == REDIS_REPLY_STATUS, "SET NX found the lock taken");
        require(client.call(release)->integer == 1, "the lock was not ours");
    });
}

double plain_script_pairs_per_second(int port, int pairs) {
    PlainClient client(port);
    load_scripts(client);
    return script_pairs_per_second(client, pairs);
}

double epoll_script_pairs_per_second(int port, int pairs) {
    PlainClient loader(port);
    load_scripts(loader);
    ReactorClient client(port);
    return script_pairs_per_second(client, pairs);
}

}  // namespace conclave::bench
