// The simulated Sentinel against a real redis-sentinel, each over a master, two replicas and two
// peers: errors and constants byte for byte, what tells of servers by its keys, their order and the
// types of the values.

#include <gtest/gtest.h>

#include "live/fixture/replicated_redis.hpp"
#include "raw_connection.hpp"
#include "reply_comparison.hpp"
#include "servers/watched_redis.hpp"

namespace conclave::conformance {

namespace {

using Words = std::vector<std::string>;
using Conversation = std::vector<Words>;

constexpr const char* host = "@host";  ///< the master's, on either side
constexpr const char* port = "@port";

const std::vector<Conversation> of_connections = {
    {{"PING"}},
    {{"ping", "x"}},
    {{"ping", "x", "y"}},
    {{"GET", "k"}},
    {{"quit"}},
    {{"RESET"}},
    {{"MULTI"}},
    {{"select", "0"}},
    {{"EVAL", "return 1", "0"}},
    {{"CONFIG", "GET", "x"}},
    {{"REPLICAOF", "NO", "ONE"}},
    {{"", "empty name"}},
    {{std::string(200, 'n'), std::string(100, 'a'), std::string(100, 'b'), "c"}},
    {{"AUTH"}},
    {{"AUTH", "x"}},
    {{"AUTH", "default", "x"}},
    {{"AUTH", "a", "b"}},
    {{"AUTH", "a", "b", "c"}},
    {{"CLIENT"}},
    {{"CLIENT", "FOO"}},
    {{"CLIENT", "SETNAME"}},
    {{"CLIENT", "SETNAME", "a b"}},
    {{"CLIENT", "SETNAME", "x"}, {"CLIENT", "GETNAME"}},
    {{"HELLO", "9"}},
    {{"HELLO", "x"}},
    {{"HELLO", "2", "FOO"}},
    {{"ROLE"}},
    {{"ROLE", "x"}},
};

const std::vector<Conversation> of_sentinels = {
    {{"SENTINEL"}},
    {{"SENTINEL", "foo"}},
    {{"sentinel", "FOO", "bar"}},
    {{"SENTINEL", "master"}},
    {{"SENTINEL", "MASTER", "nope"}},
    {{"SENTINEL", "master", "primary", "x"}},
    {{"SENTINEL", "masters", "x"}},
    {{"SENTINEL", "replicas"}},
    {{"SENTINEL", "replicas", "nope"}},
    {{"SENTINEL", "slaves"}},
    {{"SENTINEL", "slaves", "nope"}},
    {{"SENTINEL", "sentinels"}},
    {{"SENTINEL", "sentinels", "nope"}},
    {{"SENTINEL", "get-master-addr-by-name"}},
    {{"SENTINEL", "get-master-addr-by-name", "nope"}},
    {{"SENTINEL", "get-master-addr-by-name", "a", "b"}},
    {{"SENTINEL", "ckquorum"}},
    {{"SENTINEL", "ckquorum", "nope"}},
    {{"SENTINEL", "ckquorum", "primary"}},
    {{"SENTINEL", "myid", "x"}},
    {{"SENTINEL", "is-master-down-by-addr"}},
    {{"SENTINEL", "is-master-down-by-addr", host, port, "0", "*"}},
    {{"SENTINEL", "is-master-down-by-addr", host, port, "0", "*", "x"}},
    {{"SENTINEL", "is-master-down-by-addr", host, port, "x", "*"}},
    {{"SENTINEL", "is-master-down-by-addr", host, "x", "0", "*"}},
    {{"SENTINEL", "is-master-down-by-addr", host, "x", "y", "*"}},
    {{"SENTINEL", "is-master-down-by-addr", host, "1", "0", "a"}},
    {{"SENTINEL", "is-master-down-by-addr", "10.2.3.4", port, "5", "a"}},
    // A vote is given once an epoch, and told to whoever asks.
    {{"SENTINEL", "is-master-down-by-addr", host, port, "70", "a"},
     {"SENTINEL", "is-master-down-by-addr", host, port, "70", "b"},
     {"SENTINEL", "is-master-down-by-addr", host, port, "69", "b"},
     {"SENTINEL", "is-master-down-by-addr", host, port, "71", "b"}},
};

const std::vector<Conversation> of_messages = {
    {{"PUBLISH", "a"}},
    {{"PUBLISH", "a", "b"}},
    {{"PUBLISH", "__sentinel__:hello", "b"}},
    {{"PUBLISH", "__sentinel__:hello", "127.0.0.1,1,x,1,nope,127.0.0.1,2,1"}},
    {{"SUBSCRIBE"}},
    {{"SUBSCRIBE", "a"}, {"PING"}, {"PING", "x"}, {"PUBLISH", "a", "hi"},
     {"SENTINEL", "myid"}, {"INFO"}, {"ROLE"}, {"SUBSCRIBE", "a"}, {"PSUBSCRIBE", "*.*"},
     {"UNSUBSCRIBE"}, {"PUNSUBSCRIBE", "q"}, {"PUNSUBSCRIBE"}, {"PING"}},
    {{"UNSUBSCRIBE", "a"}},
    {{"UNSUBSCRIBE"}},
    {{"PUNSUBSCRIBE"}},
    {{"INFO", "foo"}},
};

std::vector<Conversation> alike_byte_for_byte() {
    std::vector<Conversation> all = of_connections;
    all.insert(all.end(), of_sentinels.begin(), of_sentinels.end());
    all.insert(all.end(), of_messages.begin(), of_messages.end());
    return all;
}

const std::vector<Conversation>& alike_in_shape() {
    static const std::vector<Conversation> list = {
        {{"SENTINEL", "myid"}},
        {{"SENTINEL", "Get-Master-Addr-By-Name", "primary"}},
        {{"SENTINEL", "master", "primary"}},
        {{"SENTINEL", "masters"}},
        {{"SENTINEL", "replicas", "primary"}},
        {{"SENTINEL", "slaves", "primary"}},
        {{"SENTINEL", "sentinels", "primary"}},
        {{"CLIENT", "ID"}},
        {{"HELLO"}},
    };
    return list;
}

std::string request(Words words, const std::string& master_host, const std::string& master_port) {
    for (std::string& word : words) {
        if (word == host) word = master_host;
        if (word == port) word = master_port;
    }
    std::string bytes;
    const std::vector<std::string_view> views(words.begin(), words.end());
    resp::append_command(bytes, views);
    return bytes;
}

/// One character a type, and the text where it is a key: the even elements of a flat list.
std::string shape(const resp::Reply& reply) {
    std::string text = "?";
    switch (reply.type) {
        case resp::Type::status: text = "+"; break;
        case resp::Type::error: text = "-"; break;
        case resp::Type::integer: text = ":"; break;
        case resp::Type::bulk: text = "$"; break;
        case resp::Type::array: text = "*"; break;
        default: break;
    }
    if (reply.type != resp::Type::array) return text;
    const bool flat = !reply.elements.empty() && reply.elements[0].type == resp::Type::bulk &&
                      reply.elements.size() > 2;
    for (std::size_t i = 0; i < reply.elements.size(); ++i)
        text += " " + (flat && i % 2 == 0 ? reply.elements[i].text : shape(reply.elements[i]));
    return text + " .";
}

std::string shape(const std::string& bytes) {
    resp::Reader reader;
    reader.feed(bytes);
    resp::Reply reply;
    return reader.next(reply) == resp::Decode::message ? shape(reply) : "no reply: " + bytes;
}

/// The replies of a simulated sentinel, each conversation on a connection of its own.
std::vector<Words> ask_model(const std::vector<Conversation>& conversations) {
    servers::redis::SentinelOptions options;
    options.master_name = live::ReplicatedRedis::master_name;
    servers::redis::WatchedRedis redis(1, options);
    std::vector<Words> replies;
    redis.add_client(30, [&](Runtime& runtime) {
        for (const Conversation& conversation : conversations) {
            const Deadline deadline = runtime.after(std::chrono::seconds(10));
            const Connected connected = runtime.network.connect(
                servers::redis::WatchedRedis::sentinel("s1"), deadline);
            Words& answers = replies.emplace_back();
            for (const Words& words : conversation) {
                connected.connection->write_all(request(words, "m", "6379"), deadline);
                std::string answer;
                char bytes[4096];
                for (IoResult read; reply_length(answer) == 0;) {
                    read = connected.connection->read_some(bytes, deadline);
                    if (!read.ok()) break;
                    answer.append(bytes, read.bytes);
                }
                answers.push_back(answer);
            }
        }
    });
    redis.run(60);
    return replies;
}

std::vector<Words> ask_real(const live::ReplicatedRedis& redis,
                            const std::vector<Conversation>& conversations) {
    const std::string master = std::to_string(redis.master_port());
    std::vector<Words> replies;
    for (const Conversation& conversation : conversations) {
        RawConnection connection(redis.sentinel_ports().front());
        Words& answers = replies.emplace_back();
        for (const Words& words : conversation)
            answers.push_back(connection.exchange(request(words, "127.0.0.1", master), 1));
    }
    return replies;
}

}  // namespace

TEST(SentinelConformance, RepliesOfAFixedListOfCommandsAreTheSame) {
    const live::ReplicatedRedis redis;
    const auto compare = [&redis](const std::vector<Conversation>& conversations, auto view) {
        const std::vector<Words> real = ask_real(redis, conversations);
        const std::vector<Words> model = ask_model(conversations);
        ASSERT_EQ(model.size(), conversations.size());
        for (std::size_t i = 0; i < conversations.size(); ++i)
            for (std::size_t k = 0; k < conversations[i].size(); ++k)
                EXPECT_EQ(view(real[i][k]), view(model[i].at(k)))
                    << testing::PrintToString(conversations[i][k]);
    };
    // The shapes first: votes raise the epoch, which the other list asks for.
    compare(alike_in_shape(), [](const std::string& bytes) { return shape(bytes); });
    compare(alike_byte_for_byte(), [](const std::string& bytes) { return printable(bytes); });
}

}  // namespace conclave::conformance
