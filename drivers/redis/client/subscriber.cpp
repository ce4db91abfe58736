#include "subscriber.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "conclave/jitter.hpp"
#include "server_error.hpp"

namespace conclave::redis {

namespace {

constexpr Duration backoff_min = std::chrono::milliseconds(50);
constexpr int backoff_doublings_max = 4;
// Somebody has to change the user's access list first.
constexpr Duration backoff_refused = std::chrono::seconds(30);
constexpr std::string_view name = "SUBSCRIBE";

bool is_push(const resp::Reply& message) {
    return message.type == resp::Type::array && message.elements.size() == 3 &&
           message.elements[0].type == resp::Type::bulk &&
           message.elements[1].type == resp::Type::bulk;
}

/// The answer to PING, as it is with subscriptions and without.
bool is_pong(const resp::Reply& message) {
    if (message.is_status("PONG")) return true;
    return message.type == resp::Type::array && message.elements.size() == 2 &&
           message.elements[0].text == "pong";
}

void append(std::string& out, std::string_view command, const std::string& channel) {
    const std::string_view words[] = {command, channel};
    resp::append_command(out, words);
}

}  // namespace

Subscriber::Subscription::Subscription(Subscriber& subscriber, std::string channel,
                                       std::function<void()> heard)
    : subscriber_(subscriber), channel_(std::move(channel)), heard_(std::move(heard)) {
    subscriber_.add(*this);
}

Subscriber::Subscription::~Subscription() { subscriber_.remove(*this); }

bool Subscriber::Subscription::heard_now() const noexcept {
    const auto found = subscriber_.channels_.find(channel_);
    return found != subscriber_.channels_.end() && found->second.agreed;
}

Subscriber::Subscriber(Runtime& runtime, const ClientOptions& options)
    : runtime_(runtime),
      options_(options),
      connector_(runtime, options_),
      work_(runtime.scheduler) {}

void Subscriber::add(Subscription& subscription) {
    Channel& channel = channels_[subscription.channel_];
    channel.listeners.push_back(&subscription);
    // What came before it was there to listen is missed.
    if (channel.agreed) subscription.heard_();
    work_.notify_all();
    if (tasks_ || !open_) return;
    tasks_ = std::make_unique<TaskGroup>(runtime_.scheduler);
    tasks_->spawn([this] { run(); });
}

void Subscriber::remove(Subscription& subscription) noexcept {
    const auto found = channels_.find(subscription.channel_);
    if (found == channels_.end()) return;
    std::erase(found->second.listeners, &subscription);
    if (found->second.listeners.empty() && !found->second.asked) channels_.erase(found);
    work_.notify_all();
}

void Subscriber::close() {
    open_ = false;
    if (!tasks_) return;
    tasks_->cancel();
    tasks_->join();
    tasks_.reset();
}

void Subscriber::run() {
    for (;;) {
        while (channels_.empty())
            if (work_.wait(Deadline::never()) != Wake::notified) return;
        if (!serve()) return;
    }
}

// One connection from its beginning to its end. False once closed.
bool Subscriber::serve() {
    unused_ = false;
    Opened opened = connector_.open(runtime_.after(options_.reply_timeout));
    std::optional<Failure> failure = std::move(opened.failure);
    if (!failure) {
        wire_ = std::move(opened.wire);
        failure = converse();
        wire_.reset();
    }
    forget_connection();
    if (!open_) return false;
    if (unused_) return true;
    report(*failure);
    return sleep_until(runtime_, runtime_.after(patience(*failure)));
}

std::optional<Failure> Subscriber::converse() {
    last_heard_ = runtime_.clock.now();
    TaskGroup writing(runtime_.scheduler);
    writing.spawn([this] { write(); });
    std::optional<Failure> failure = read();
    wire_->close();
    writing.cancel();
    writing.join();
    return failure;
}

// A silence of twice the time after which the writer asks is no silence any more.
std::optional<Failure> Subscriber::read() {
    for (;;) {
        const Deadline silent(saturating_add(last_heard_, 2 * options_.reply_timeout));
        Exchange message = wire_->receive(name, silent);
        if (message.failure) return std::move(message.failure);
        last_heard_ = runtime_.clock.now();
        if (std::optional<Failure> wrong = take(message.reply)) return wrong;
    }
}

std::optional<Failure> Subscriber::take(const resp::Reply& message) {
    if (message.type == resp::Type::error) {
        Failure refused = failure_of(message.text, Asked::command);
        refused.text = "redis " + wire_->peer() + ": " + std::string(name) + ": " + refused.text;
        return refused;
    }
    if (is_pong(message)) return std::nullopt;
    const bool push = is_push(message);
    const std::string& kind = push ? message.elements[0].text : message.text;
    if (push && (kind == "message" || kind == "subscribe"))
        tell(message.elements[1].text, kind == "subscribe");
    else if (!push || kind != "unsubscribe")
        return wire_->nonsense(
            name, std::string(to_string(message.type)) +
                      " that is neither a message nor an answer to (UN)SUBSCRIBE or PING");
    return std::nullopt;
}

void Subscriber::tell(const std::string& channel, bool agreed) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;  // nobody listens any more
    if (agreed) {
        found->second.agreed = true;
        failures_ = 0;
        if (std::exchange(told_, false))
            runtime_.observer.event(
                {Event::Severity::info, "redis.push", "connected", wire_->peer()});
    }
    for (const Subscription* const each : found->second.listeners) each->heard_();
}

void Subscriber::write() {
    TimePoint last_sent = runtime_.clock.now();
    for (;;) {
        std::string commands = differences();
        if (commands.empty() &&
            !idle(saturating_add(std::max(last_sent, last_heard_), options_.reply_timeout),
                  commands))
            return;
        if (commands.empty()) continue;
        // The reader says why, once it is woken by the end of the connection.
        if (wire_->send(commands, name, runtime_.after(options_.reply_timeout)))
            return wire_->close();
        last_sent = runtime_.clock.now();
    }
}

// Until there is something to do. False when there is nothing any more.
bool Subscriber::idle(TimePoint ping_at, std::string& commands) {
    const Wake wake = work_.wait(Deadline(ping_at));
    if (wake == Wake::cancelled) return false;
    if (wake == Wake::notified) return true;
    unused_ = channels_.empty();
    if (unused_)
        wire_->close();
    else
        resp::append_command(commands, std::array<std::string_view, 1>{"PING"});
    return !unused_;
}

/// What makes the server's channels ours.
std::string Subscriber::differences() {
    std::string commands;
    for (auto at = channels_.begin(); at != channels_.end();) {
        const auto here = at++;
        Channel& channel = here->second;
        if (channel.asked == !channel.listeners.empty()) continue;
        append(commands, channel.asked ? "UNSUBSCRIBE" : "SUBSCRIBE", here->first);
        if (channel.asked)
            channels_.erase(here);
        else
            channel.asked = true;
    }
    return commands;
}

void Subscriber::forget_connection() {
    for (auto& [channel, state] : channels_) state.asked = state.agreed = false;
    std::erase_if(channels_, [](const auto& each) { return each.second.listeners.empty(); });
}

void Subscriber::report(const Failure& failure) {
    const bool refused = failure.trouble == Trouble::denied || failure.trouble == Trouble::refused;
    if (!std::exchange(told_, true))
        runtime_.observer.event({refused ? Event::Severity::error : Event::Severity::warning,
                                 "redis.push", refused ? "refused" : "lost", failure.text});
}

Duration Subscriber::patience(const Failure& failure) {
    const bool refused = failure.trouble == Trouble::denied || failure.trouble == Trouble::refused;
    const Duration whole = refused
                               ? backoff_refused
                               : backoff_min * (1 << std::min(failures_++, backoff_doublings_max));
    return jittered(runtime_.random, whole);
}

}  // namespace conclave::redis
