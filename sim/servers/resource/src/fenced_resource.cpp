#include "conclave/servers/fenced_resource.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "conclave/codec/resp.hpp"
#include "conclave/error.hpp"
#include "conclave/sync.hpp"

namespace conclave::servers {

namespace {

// A request is a few short words; more is no request.
constexpr resp::Limits request_limits{16 * 1024, 8};
constexpr Duration accept_pause = std::chrono::milliseconds(100);

std::string error_text(std::string text) {
    std::string out;
    resp::append_reply(out, resp::error(std::move(text)));
    return out;
}

std::string ok_text() {
    std::string out;
    resp::append_reply(out, resp::status("OK"));
    return out;
}

bool is_request(const resp::Reply& message) {
    if (message.type != resp::Type::array || message.elements.size() != 4) return false;
    for (const resp::Reply& word : message.elements)
        if (word.type != resp::Type::bulk) return false;
    return message.elements[0].text == "READ" || message.elements[0].text == "WRITE";
}

bool parse_token(const std::string& text, std::uint64_t& token) {
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, token);
    return error == std::errc() && stopped == end;
}

}  // namespace

FencedResource::FencedResource(Runtime& runtime, Endpoint endpoint, FencedTokens& tokens,
                               std::function<void(const FencedAccess&)> observe)
    : runtime_(runtime),
      endpoint_(std::move(endpoint)),
      tokens_(tokens),
      observe_(std::move(observe)) {}

void FencedResource::run() {
    Listening listening = runtime_.network.listen(endpoint_);
    if (listening.status != IoStatus::ok)
        throw ConnectionError("the fenced resource cannot listen on " + endpoint_.host + ":" +
                              std::to_string(endpoint_.port) + ": " + listening.detail);
    TaskGroup connections(runtime_.scheduler);
    for (;;) {
        Connected accepted = listening.listener->accept(Deadline::never());
        if (accepted.status == IoStatus::cancelled || accepted.status == IoStatus::closed) return;
        // Out of descriptors, for one: the next attempt may find some.
        if (accepted.status != IoStatus::ok && !sleep_for(runtime_, accept_pause)) return;
        if (accepted.status != IoStatus::ok) continue;
        connections.spawn([this, connection = std::shared_ptr<Connection>(
                                     std::move(accepted.connection))] { serve(*connection); });
    }
}

void FencedResource::serve(Connection& connection) {
    resp::Reader reader(request_limits);
    std::array<char, 1024> buffer;
    for (resp::Reply message;;) {
        const resp::Decode decoded = reader.next(message);
        if (decoded == resp::Decode::need_more) {
            const IoResult read = connection.read_some(buffer, Deadline::never());
            if (!read.ok()) return;
            reader.feed({buffer.data(), read.bytes});
            continue;
        }
        const bool understood = decoded == resp::Decode::message && is_request(message);
        const std::string reply =
            understood ? answer(message.elements[0].text, message.elements[1].text,
                                message.elements[2].text, message.elements[3].text)
                       : error_text("ERR expected READ or WRITE, object, holder and token");
        if (!connection.write_all(reply, Deadline::never()).ok() || !understood) return;
    }
}

std::string FencedResource::answer(const std::string& request_word, const std::string& object,
                                   const std::string& holder, const std::string& token_text) {
    FencedAccess access{object, holder, 0, request_word == "WRITE", false};
    if (!parse_token(token_text, access.token))
        return error_text("ERR token '" + token_text + "', expected a whole number");
    std::uint64_t& newest = tokens_[object];
    access.accepted = access.token >= newest;
    if (access.accepted) newest = access.token;
    if (observe_) observe_(access);
    return access.accepted ? ok_text() : error_text("STALE " + std::to_string(newest));
}

struct FencedResourceClient::Wire {
    std::unique_ptr<Connection> connection;
    resp::Reader reader;
};

FencedResourceClient::FencedResourceClient(Runtime& runtime, Endpoint endpoint)
    : runtime_(runtime), endpoint_(std::move(endpoint)) {}
FencedResourceClient::~FencedResourceClient() = default;

FencedAnswer FencedResourceClient::read(const std::string& object, const std::string& holder,
                                        std::uint64_t token, Deadline deadline) {
    return ask("READ", object, holder, token, deadline);
}

FencedAnswer FencedResourceClient::write(const std::string& object, const std::string& holder,
                                         std::uint64_t token, Deadline deadline) {
    return ask("WRITE", object, holder, token, deadline);
}

bool FencedResourceClient::connect(Deadline deadline) {
    Connected connected = runtime_.network.connect(endpoint_, deadline);
    if (connected.status != IoStatus::ok) return false;
    wire_ = std::make_unique<Wire>();
    wire_->connection = std::move(connected.connection);
    return true;
}

FencedAnswer FencedResourceClient::ask(std::string_view word, const std::string& object,
                                       const std::string& holder, std::uint64_t token,
                                       Deadline deadline) {
    if (!wire_ && !connect(deadline)) return FencedAnswer::unknown;
    // A reply that comes after its deadline would be taken for the next one's.
    const std::unique_ptr<Wire> wire = std::move(wire_);
    const std::string token_text = std::to_string(token);
    const std::array<std::string_view, 4> words{word, object, holder, token_text};
    std::string request;
    resp::append_command(request, words);
    if (!wire->connection->write_all(request, deadline).ok()) return FencedAnswer::unknown;
    std::array<char, 256> buffer;
    for (resp::Reply reply;;) {
        const resp::Decode decoded = wire->reader.next(reply);
        if (decoded == resp::Decode::malformed) return FencedAnswer::unknown;
        if (decoded == resp::Decode::message) {
            const bool stale = reply.type == resp::Type::error && reply.text.starts_with("STALE ");
            if (!stale && !reply.is_status("OK")) return FencedAnswer::unknown;
            wire_ = std::make_unique<Wire>(std::move(*wire));
            return stale ? FencedAnswer::refused : FencedAnswer::accepted;
        }
        const IoResult read = wire->connection->read_some(buffer, deadline);
        if (!read.ok()) return FencedAnswer::unknown;
        wire->reader.feed({buffer.data(), read.bytes});
    }
}

}  // namespace conclave::servers
