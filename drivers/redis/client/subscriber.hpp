#pragma once

// The second connection, on which the server pushes: channels that somebody listens to. Opened when
// somebody does, kept up while somebody does, and closed a while after nobody does any more. What
// it hears are hints: a lost connection loses some, so every listener hears one when it is back.
// Source: redis.io "Redis Pub/Sub", RESP2.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conclave/sync.hpp"
#include "connector.hpp"

namespace conclave::redis {

class Subscriber {
public:
    /// Listens to one channel while it lives. May outlive close(), not the Subscriber.
    class Subscription {
    public:
        /// `heard` is called on a fiber of the runtime for each message, and whenever messages
        /// begin to come, once here when they come already. It must not park, throw or end a
        /// subscription.
        Subscription(Subscriber& subscriber, std::string channel, std::function<void()> heard);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;
        /// Whether the server has agreed, on a connection that is not known to be broken.
        bool heard_now() const noexcept;

    private:
        friend class Subscriber;
        Subscriber& subscriber_;
        const std::string channel_;
        const std::function<void()> heard_;
    };

    /// `options` outlives it.
    Subscriber(Runtime& runtime, const ClientOptions& options);
    /// Lets subscriptions connect.
    void open() noexcept { open_ = true; }
    /// Closes the connection until open(), and parks until its fibers have ended, which they do at
    /// once.
    void close();

private:
    struct Channel {
        std::vector<Subscription*> listeners;
        bool asked = false;   ///< on this connection
        bool agreed = false;  ///< likewise
    };

    void add(Subscription& subscription);
    void remove(Subscription& subscription) noexcept;
    void run();
    bool serve();
    std::optional<Failure> converse();
    std::optional<Failure> read();
    std::optional<Failure> take(const resp::Reply& message);
    void write();
    bool idle(TimePoint ping_at, std::string& commands);
    std::string differences();
    void tell(const std::string& channel, bool agreed);
    void forget_connection();
    void report(const Failure& failure);
    Duration patience(const Failure& failure);

    Runtime& runtime_;
    const ClientOptions& options_;
    Connector connector_;
    std::map<std::string, Channel> channels_;
    WaitList work_;  ///< channels came or went
    std::unique_ptr<TaskGroup> tasks_;
    std::unique_ptr<Wire> wire_;
    TimePoint last_heard_;
    bool open_ = false;
    bool unused_ = false;  ///< the connection was closed because nobody listens
    bool told_ = false;    ///< the observer knows that there is no connection
    int failures_ = 0;     ///< in a row
};

}  // namespace conclave::redis
