#include <hiredis/hiredis.h>

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

/// A blocking connection of hiredis.
class PlainClient {
public:
    explicit PlainClient(int port) : context_(redisConnect("127.0.0.1", port)) {
        if (!context_ || context_->err) throw std::runtime_error("hiredis cannot connect");
    }

    template <std::size_t count>
    ReplyPointer call(const std::array<std::string_view, count>& words) {
        std::array<const char*, count> starts;
        std::array<std::size_t, count> lengths;
        for (std::size_t i = 0; i < count; ++i) {
            starts[i] = words[i].data();
            lengths[i] = words[i].size();
        }
        ReplyPointer reply(static_cast<redisReply*>(redisCommandArgv(
            context_.get(), static_cast<int>(count), starts.data(), lengths.data())));
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

void require(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
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
    client.load(redis::scripts::acquire.body);
    client.load(redis::scripts::release.body);
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

}  // namespace conclave::bench
