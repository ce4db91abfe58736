#include "wire.hpp"

namespace conclave::redis {

namespace {

Trouble trouble_of(IoStatus status) noexcept {
    if (status == IoStatus::timed_out) return Trouble::timed_out;
    if (status == IoStatus::cancelled) return Trouble::cancelled;
    return Trouble::broken;
}

}  // namespace

Exchange Wire::exchange(std::string_view request, std::string_view name, Deadline deadline) {
    if (std::optional<Failure> failed = send(request, name, deadline)) return {{}, failed};
    Exchange exchange = receive(name, deadline);
    if (!exchange.failure && reader_.buffered() > 0)
        exchange.failure =
            nonsense(name, std::to_string(reader_.buffered()) + " more bytes than one reply");
    return exchange;
}

std::optional<Failure> Wire::send(std::string_view request, std::string_view name,
                                  Deadline deadline) {
    const IoResult written = connection_->write_all(request, deadline);
    if (written.ok()) return std::nullopt;
    const Effect effect = written.bytes == 0 ? Effect::none : Effect::unknown;
    return failure(written, effect, "while sending " + std::string(name));
}

Exchange Wire::receive(std::string_view name, Deadline deadline) {
    Exchange exchange;
    std::size_t received = 0;
    for (;;) {
        const resp::Decode decoded = reader_.next(exchange.reply);
        if (decoded == resp::Decode::malformed) {
            exchange.failure = nonsense(name, std::string(reader_.error()));
            return exchange;
        }
        if (decoded == resp::Decode::message) break;
        const IoResult read = connection_->read_some(buffer_, deadline);
        if (!read.ok()) {
            exchange.failure = failure(
                read, Effect::unknown,
                "while waiting for the reply to " + std::string(name) +
                    (received ? ", " + std::to_string(received) + " bytes of it arrived" : ""));
            return exchange;
        }
        received += read.bytes;
        reader_.feed({buffer_.data(), read.bytes});
    }
    return exchange;
}

Failure Wire::failure(const IoResult& result, Effect effect, const std::string& doing) const {
    std::string text =
        "redis " + peer_ + ": " + std::string(to_string(result.status)) + " " + doing;
    if (effect == Effect::unknown) text += "; it may have been done";
    return {trouble_of(result.status), effect, std::move(text)};
}

Failure Wire::nonsense(std::string_view name, const std::string& what) const {
    return {Trouble::broken, Effect::unknown,
            "redis " + peer_ + ": malformed reply to " + std::string(name) + ": " + what +
                "; expected one RESP2 value"};
}

}  // namespace conclave::redis
