#include "connector.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "server_error.hpp"

namespace conclave::redis {

namespace {

Opened failed(Failure failure) {
    failure.effect = Effect::none;  // nothing of the caller's has been sent yet
    return {nullptr, std::move(failure)};
}

Failure broken(const Endpoint& endpoint, const std::string& text) {
    return {Trouble::broken, Effect::none, "redis " + to_string(endpoint) + ": " + text};
}

/// Sends one command; an error reply is a failure too.
Exchange ask(Wire& wire, std::initializer_list<std::string_view> arguments, Deadline deadline) {
    std::string request;
    resp::append_command(request, {arguments.begin(), arguments.size()});
    const std::string_view name = *arguments.begin();
    Exchange exchange = wire.exchange(request, name, deadline);
    if (exchange.failure || exchange.reply.type != resp::Type::error) return exchange;
    exchange.failure = failure_of(exchange.reply.text, Asked::command);
    exchange.failure->text =
        "redis " + wire.peer() + ": " + std::string(name) + ": " + exchange.failure->text;
    return exchange;
}

/// The transport says only that TLS failed, and its words to the observer: say what it checked.
std::string describe_trust(const TlsOptions& tls) {
    if (!tls.verify) return " (any certificate was accepted)";
    return " (the certificate was checked against " +
           (tls.ca_file.empty() ? "the system's authorities" : tls.ca_file) + ")";
}

std::optional<Endpoint> endpoint_of(const resp::Reply& reply) {
    const auto is_text = [](const resp::Reply& element) {
        return element.type == resp::Type::bulk;
    };
    if (reply.elements.size() != 2 || !std::ranges::all_of(reply.elements, is_text))
        return std::nullopt;
    const std::string& port = reply.elements[1].text;
    Endpoint endpoint{reply.elements[0].text, 0, {}};
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
    return endpoint;
}

}  // namespace

Opened Connector::open(Deadline deadline) {
    if (options_.sentinel) return open_master(deadline);
    return log_in(options_.server, {options_.credentials, options_.tls, options_.database},
                  deadline);
}

Opened Connector::open_master(Deadline deadline) {
    const std::vector<Endpoint>& sentinels = options_.sentinel->sentinels;
    std::string problems;
    std::shared_ptr<const Failure> last;
    for (std::size_t i = 0; i < sentinels.size(); ++i) {
        const std::size_t chosen = (first_sentinel_ + i) % sentinels.size();
        // A sentinel that hangs must leave time for the others, and for the master itself.
        const Deadline bound = share(deadline, sentinels.size() - i + 1);
        Discovered found = ask_sentinel(sentinels[chosen], bound);
        Opened opened = found.failure ? failed(*found.failure)
                                      : open_if_master(found.master, share(deadline, 2));
        if (opened.wire) {
            first_sentinel_ = chosen;
            return opened;
        }
        if (opened.failure->trouble == Trouble::cancelled) return opened;
        problems += (problems.empty() ? "" : "; ") + opened.failure->text;
        last = as_cause(*std::move(opened.failure));
    }
    return failed(
        {Trouble::broken, Effect::none,
         "no sentinel led to the master of '" + options_.sentinel->master_name + "': " + problems,
         std::move(last)});
}

Connector::Discovered Connector::ask_sentinel(const Endpoint& sentinel, Deadline deadline) {
    const SentinelOptions& options = *options_.sentinel;
    Opened opened = log_in(sentinel, {options.credentials, options.tls}, deadline);
    if (!opened.wire) return {{}, opened.failure};
    const Exchange answer =
        ask(*opened.wire, {"SENTINEL", "get-master-addr-by-name", options.master_name}, deadline);
    if (answer.failure) return {{}, answer.failure};
    if (answer.reply.type == resp::Type::null)
        return {{}, broken(sentinel, "does not know a master named '" + options.master_name + "'")};
    if (std::optional<Endpoint> master = endpoint_of(answer.reply)) return {*master, std::nullopt};
    return {{},
            broken(sentinel,
                   "wrong reply to SENTINEL get-master-addr-by-name, expected two bulk "
                   "strings, host and port")};
}

// A sentinel may be behind: the server itself has the last word.
Opened Connector::open_if_master(const Endpoint& endpoint, Deadline deadline) {
    Opened opened =
        log_in(endpoint, {options_.credentials, options_.tls, options_.database}, deadline);
    if (!opened.wire) return opened;
    const Exchange role = ask(*opened.wire, {"ROLE"}, deadline);
    if (role.failure) return failed(*role.failure);
    const std::vector<resp::Reply>& elements = role.reply.elements;
    if (elements.empty() || elements[0].type != resp::Type::bulk)
        return failed(broken(endpoint,
                             "wrong reply to ROLE, expected an array that begins with "
                             "the role, got " +
                                 std::string(to_string(role.reply.type))));
    if (elements[0].text == "master") return opened;
    return failed(broken(endpoint, "is a " + elements[0].text + ", expected the master"));
}

Opened Connector::log_in(const Endpoint& endpoint, const Login& login, Deadline deadline) {
    Opened opened = connect(endpoint, login.tls, deadline);
    if (!opened.wire) return opened;
    const auto [user, password] = login.credentials;
    if (!password.empty()) {
        const Exchange answer = user.empty()
                                    ? ask(*opened.wire, {"AUTH", password}, deadline)
                                    : ask(*opened.wire, {"AUTH", user, password}, deadline);
        if (answer.failure) return failed(*answer.failure);
    }
    if (login.database != 0) {
        const std::string database = std::to_string(login.database);
        const Exchange answer = ask(*opened.wire, {"SELECT", database}, deadline);
        if (answer.failure) return failed(*answer.failure);
    }
    return opened;
}

Opened Connector::connect(const Endpoint& endpoint, const std::optional<TlsOptions>& tls,
                          Deadline deadline) {
    const Deadline bound(std::min(deadline.at(), runtime_.after(options_.connect_timeout).at()));
    Connected connected = runtime_.network.connect(endpoint, bound);
    IoStatus status = connected.status;
    if (status == IoStatus::ok && tls) {
        TlsOptions options = *tls;
        options.server_name = endpoint.host;
        status = connected.connection->start_tls(options, bound).status;
    }
    if (status == IoStatus::ok)
        return {std::make_unique<Wire>(std::move(connected.connection), to_string(endpoint)),
                std::nullopt};
    std::string why(connected.detail.empty() ? to_string(status) : connected.detail);
    if (status == IoStatus::tls_failed) why += describe_trust(*tls);
    Failure failure = broken(endpoint, "cannot connect: " + why);
    if (status == IoStatus::cancelled) failure.trouble = Trouble::cancelled;
    if (status == IoStatus::timed_out) failure.trouble = Trouble::timed_out;
    return failed(std::move(failure));
}

Deadline Connector::share(Deadline deadline, std::size_t parts) const {
    if (deadline.is_never()) return deadline;
    const TimePoint now = runtime_.clock.now();
    return Deadline(now + (deadline.at() - now) / static_cast<std::int64_t>(parts));
}

}  // namespace conclave::redis
