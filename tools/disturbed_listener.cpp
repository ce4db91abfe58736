#include "disturbed_listener.hpp"

#include <optional>
#include <utility>

#include "conclave/sync.hpp"

namespace conclave::tool {

namespace {

constexpr Duration delay_max = std::chrono::milliseconds(200);

/// Whether one kind of fault comes, each time that it could.
class Chance {
public:
    Chance(const Disturbances& disturbances, const sim::Stream& stream, std::string_view kind)
        : rate_(rate_of(disturbances, kind)), stream_(stream.split(kind)) {}
    bool comes() { return rate_ > 0 && stream_.chance(rate_); }
    Duration length(Duration low, Duration high) { return stream_.between(low, high); }

private:
    double rate_;
    sim::Stream stream_;
};

/// The server's end: what it reads are requests, what it writes are answers.
class DisturbedConnection final : public Connection {
public:
    DisturbedConnection(Runtime& runtime, std::unique_ptr<Connection> connection,
                        const Disturbances& disturbances, const sim::Stream& stream)
        : runtime_(runtime),
          connection_(std::move(connection)),
          request_lost_(disturbances, stream, "request_lost"),
          reply_lost_(disturbances, stream, "reply_lost"),
          reset_(disturbances, stream, "reset"),
          clog_(disturbances, stream, "clog") {}

    IoResult read_some(std::span<char> buffer, Deadline deadline) override {
        if (!request_lost_pending_) request_lost_pending_ = request_lost_.comes();
        // One byte tells that a request is there; with the others unread the client sees a reset.
        const IoResult read = connection_->read_some(
            *request_lost_pending_ ? buffer.first(1) : buffer, deadline);
        if (!read.ok()) return read;
        if (*std::exchange(request_lost_pending_, std::nullopt)) return broken();
        return read;
    }

    IoResult write_all(std::string_view bytes, Deadline deadline) override {
        if (reply_lost_.comes()) return broken();
        if (clog_.comes()) sleep_for(runtime_, clog_.length(Duration::zero(), delay_max));
        const IoResult written = connection_->write_all(bytes, deadline);
        if (reset_.comes()) connection_->close();
        return written;
    }

    IoResult start_tls(const TlsOptions& options, Deadline deadline) override {
        return connection_->start_tls(options, deadline);
    }
    void close() noexcept override { connection_->close(); }

private:
    IoResult broken() {
        connection_->close();
        return {IoStatus::reset, 0};
    }

    Runtime& runtime_;
    const std::unique_ptr<Connection> connection_;
    Chance request_lost_, reply_lost_, reset_, clog_;
    std::optional<bool> request_lost_pending_;  ///< of the request that is waited for
};

}  // namespace

Connected DisturbedListener::accept(Deadline deadline) {
    Connected accepted = listener_->accept(deadline);
    if (accepted.status == IoStatus::ok)
        accepted.connection = std::make_unique<DisturbedConnection>(
            runtime_, std::move(accepted.connection), disturbances_,
            stream_.split("connection").split(accepted_++));
    return accepted;
}

}  // namespace conclave::tool
