#include "client.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "conclave/jitter.hpp"
#include "conclave/turn.hpp"

namespace conclave::redis {

namespace {
constexpr int attempts_max = 3;  // of one call
constexpr Duration backoff_min = std::chrono::milliseconds(50);
constexpr Duration backoff_max = std::chrono::seconds(1);
constexpr int backoff_doublings_max = 5;

Request evaluate(std::string_view how, std::string_view what, const scripts::Script& script,
                 std::span<const std::string> keys, std::span<const std::string> arguments) {
    const std::string key_count = std::to_string(keys.size());
    std::vector<std::string_view> words{how, what, key_count};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    Request request;
    request.name = "script " + std::string(script.name);
    request.asked = Asked::script;
    resp::append_command(request.bytes, words);
    return request;
}
}  // namespace

std::string_view to_string(ConnectionState state) noexcept {
    switch (state) {
        case ConnectionState::connected: return "connected";
        case ConnectionState::suspended: return "suspended";
        case ConnectionState::lost: return "lost";
    }
    return "?";
}

Request command(std::initializer_list<std::string_view> arguments, Repeat repeat) {
    Request request;
    request.name = *arguments.begin();
    request.repeat = repeat;
    resp::append_command(request.bytes, {arguments.begin(), arguments.size()});
    return request;
}

Client::Client(Runtime& runtime, ClientOptions options)
    : runtime_(runtime),
      options_(std::move(options)),
      connector_(runtime, options_),
      turn_(runtime.scheduler) {}

void Client::open() noexcept {
    closed_ = false;
    last_contact_ = runtime_.clock.now();
}

void Client::close() noexcept {
    closed_ = true;
    state_ = ConnectionState::lost;
    if (!wire_) return;
    wire_->close();
    // A fiber that waits for a reply still uses it, and drops it.
    if (!turn_.locked()) wire_.reset();
}

Answer Client::call(const Request& request, Deadline deadline) {
    const Turn turn(turn_, deadline, request.name, last_failure_.text);
    bool doubtful = false;
    std::shared_ptr<const Failure> earlier;
    const TimePoint lapsing = saturating_add(runtime_.clock.now(), request.repeat.within);
    for (int count = 1;; ++count) {
        Attempt made = attempt(request, doubtful ? lapsing : TimePoint::max(), deadline);
        if (!made.failure) {
            made.answer.repeated = doubtful;
            return std::move(made.answer);
        }
        Failure& failure = *made.failure;
        doubtful = doubtful || failure.effect == Effect::unknown;
        const bool too_late = doubtful && runtime_.clock.now() >= lapsing;
        if (!failure.cause) failure.cause = earlier;
        if (!too_late && count < attempts_max && may_repeat(request, failure, deadline)) {
            earlier = as_cause(std::move(failure));
            continue;
        }
        if (doubtful) failure.effect = Effect::unknown;
        raise(failure);
    }
}

Answer Client::run(const scripts::Script& script, std::span<const std::string> keys,
                   std::span<const std::string> arguments, Repeat repeat, Deadline deadline) {
    Request request = evaluate("EVALSHA", script.sha1, script, keys, arguments);
    request.repeat = repeat;
    Answer answer = call(request, deadline);
    if (answer.reply.type != resp::Type::error) return answer;
    const bool repeated = answer.repeated;
    request.bytes = evaluate("EVAL", script.body, script, keys, arguments).bytes;
    answer = call(request, deadline);
    answer.repeated = answer.repeated || repeated;
    return answer;
}

bool Client::may_repeat(const Request& request, const Failure& failure, Deadline deadline) const {
    if (closed_ || deadline.passed(runtime_.clock.now())) return false;
    if (failure.trouble == Trouble::cancelled || failure.trouble == Trouble::refused ||
        failure.trouble == Trouble::denied)
        return false;
    if (failure.effect == Effect::none) return true;
    if (failure.trouble == Trouble::timed_out && !options_.retry_on_timeout) return false;
    return request.repeat.within > Duration::zero();
}

Client::Attempt Client::attempt(const Request& request, TimePoint latest, Deadline deadline) {
    Attempt made;
    made.failure = make_ready(request, deadline);
    if (made.failure) return made;
    made.answer.sent_at = runtime_.clock.now();
    if (deadline.passed(made.answer.sent_at)) {  // nothing was sent: better than an unknown effect
        made.failure = Failure{Trouble::timed_out, Effect::none,
                               request.name + ": the deadline has passed"};
        return made;
    }
    if (made.answer.sent_at >= latest) {
        made.failure = Failure{Trouble::timed_out, Effect::none,
                               request.name + ": what an earlier attempt may have done has lapsed"};
        return made;
    }
    made.answer.incarnation = incarnation_;
    Exchange exchange = wire_->exchange(request.bytes, request.name, bounded(deadline));
    if (exchange.failure) {
        drop(*exchange.failure);
        made.failure = std::move(exchange.failure);
        return made;
    }
    last_contact_ = runtime_.clock.now();
    const bool refused =
        exchange.reply.type == resp::Type::error && !is_unknown_script(exchange.reply.text);
    if (!refused) {
        failures_ = 0;
        last_failure_ = {};
        made.answer.reply = std::move(exchange.reply);
        return made;
    }
    made.failure = failure_of(exchange.reply.text, request.asked);
    made.failure->text = "redis " + wire_->peer() + ": " + request.name + ": " + made.failure->text;
    last_failure_ = *made.failure;
    const bool useless =
        made.failure->trouble == Trouble::elsewhere || made.failure->trouble == Trouble::broken;
    if (useless) drop(*made.failure);
    if (made.failure->trouble == Trouble::later) back_off();
    return made;
}

std::optional<Failure> Client::make_ready(const Request& request, Deadline deadline) {
    if (closed_) return Failure{Trouble::broken, Effect::none, "redis: the client is closed"};
    if (std::optional<Failure> failure = wait_out_backoff(deadline)) return failure;
    if (wire_) check_health(deadline);
    const bool ended = request.only_on != 0 && (!wire_ || incarnation_ != request.only_on);
    if (ended)
        return Failure{Trouble::broken, Effect::none,
                       request.name + ": the connection it belongs to has ended"};
    return wire_ ? std::nullopt : connect(deadline);
}

std::optional<Failure> Client::wait_out_backoff(Deadline deadline) {
    if (failures_ == 0 || runtime_.clock.now() >= not_before_) return std::nullopt;
    if (not_before_ >= deadline.at())
        return Failure{Trouble::timed_out, Effect::none,
                       "redis: no time for another attempt; the last one: " + last_failure_.text,
                       as_cause(last_failure_)};
    if (sleep_until(runtime_, Deadline(not_before_))) return std::nullopt;
    return Failure{Trouble::cancelled, Effect::none, "redis: cancelled before an attempt"};
}

// A connection that a firewall forgot swallows requests silently: asking first costs a round trip,
// but leaves the effect of what follows known.
void Client::check_health(Deadline deadline) {
    const Duration interval = options_.health_check_interval;
    if (interval == Duration::zero() || runtime_.clock.now() - last_contact_ < interval) return;
    const Request ping = command({"PING"}, Repeat::safe);
    const Exchange exchange = wire_->exchange(ping.bytes, ping.name, bounded(deadline));
    if (exchange.failure) drop(*exchange.failure);
}

std::optional<Failure> Client::connect(Deadline deadline) {
    Opened opened = connector_.open(bounded(deadline));
    if (opened.failure) {
        drop(*opened.failure);
        return opened.failure;
    }
    if (closed_) return Failure{Trouble::broken, Effect::none, "redis: the client was closed"};
    wire_ = std::move(opened.wire);
    ++incarnation_;
    last_contact_ = runtime_.clock.now();
    enter(ConnectionState::connected, wire_->peer());
    return std::nullopt;
}

void Client::drop(const Failure& why) {
    wire_.reset();
    last_failure_ = why;
    back_off();
    const bool lost = closed_ || runtime_.clock.now() - last_contact_ >= options_.lost_after;
    enter(lost ? ConnectionState::lost : ConnectionState::suspended, why.text);
}

void Client::back_off() {
    Duration whole = backoff_min * (1 << std::min(failures_, backoff_doublings_max));
    whole = std::min(whole, backoff_max);
    not_before_ = saturating_add(runtime_.clock.now(), jittered(runtime_.random, whole));
    ++failures_;
}

void Client::enter(ConnectionState state, const std::string& detail) {
    if (state == state_) return;
    state_ = state;
    const auto severity =
        state == ConnectionState::connected ? Event::Severity::info : Event::Severity::warning;
    runtime_.observer.event({severity, "redis.client", to_string(state), detail});
}

Deadline Client::bounded(Deadline deadline) const {
    return Deadline(std::min(deadline.at(), runtime_.after(options_.reply_timeout).at()));
}

}  // namespace conclave::redis
