#include "sentinel_client.hpp"

#include <utility>

#include "engine/reply_writer.hpp"

namespace conclave::servers::redis {

namespace {
constexpr std::size_t read_bytes = 4096;
constexpr std::size_t replies_bytes_max = 64 * 1024;  // bounds the output of one pipeline
}  // namespace

SentinelClient::SentinelClient(Sentinel::State& sentinel, std::unique_ptr<Connection> connection)
    : sentinel_(sentinel),
      connection_(std::move(connection)),
      output_ready_(sentinel.runtime.scheduler),
      output_taken_(sentinel.runtime.scheduler) {
    session_.id = ++sentinel_.last_client_id;
    sentinel_.engine.connected(session_);
    sentinel_.clients.emplace(session_.id, this);
}

SentinelClient::~SentinelClient() {
    sentinel_.clients.erase(session_.id);
    sentinel_.engine.disconnected(session_);
}

void SentinelClient::close() noexcept {
    closed_ = true;
    connection_->close();
    output_ready_.set();
    output_taken_.set();
}

void SentinelClient::read() {
    std::string buffer(read_bytes, '\0');
    while (!closed_) {
        const IoResult read = connection_->read_some(buffer, Deadline::never());
        if (!read.ok()) break;
        reader_.feed(std::string_view(buffer).substr(0, read.bytes));
        if (!execute_requests()) break;
    }
    // The last reply is still the writer's to send.
    if (closing_)
        output_ready_.set();
    else
        close();
}

bool SentinelClient::execute_requests() {
    Arguments arguments;
    while (!closed_) {
        const RequestReader::Next next = reader_.next(arguments);
        if (next == RequestReader::Next::need_more) return true;
        if (next == RequestReader::Next::malformed) {
            if (!reader_.error().empty())
                ReplyWriter(session_.output, session_.protocol).error("ERR " + reader_.error());
            closing_ = true;
            return false;
        }
        if (arguments.empty()) continue;
        sentinel_.execute(session_, arguments);
        output_ready_.set();
        if (session_.output.size() <= replies_bytes_max) continue;
        // Who asks faster than it reads waits until it has read.
        output_taken_.reset();
        if (output_taken_.wait(Deadline::never()) != Wake::notified) return false;
    }
    return false;
}

void SentinelClient::output_added() noexcept {
    if (session_.output.size() > sentinel_.options.output_bytes_max)
        close();
    else
        output_ready_.set();
}

void SentinelClient::write() {
    std::string writing;
    while (!closed_ && output_ready_.wait(Deadline::never()) == Wake::notified) {
        output_ready_.reset();
        writing.clear();
        writing.swap(session_.output);
        if (!writing.empty() && !connection_->write_all(writing, Deadline::never()).ok()) break;
        if (!session_.output.empty()) continue;
        output_taken_.set();
        if (closing_) break;
    }
    if (!closed_) close();
}

}  // namespace conclave::servers::redis
