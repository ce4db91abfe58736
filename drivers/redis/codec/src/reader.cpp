#include <hiredis/read.h>

#include <charconv>
#include <new>
#include <utility>

#include "conclave/codec/resp.hpp"

namespace conclave::resp {

namespace {
// Redis's own limit for a line (PROTO_INLINE_MAX_SIZE); also keeps the search for its end short.
constexpr std::size_t line_bytes_max = 64 * 1024;
}  // namespace

/// hiredis builds the value through callbacks. An element is appended only when it arrives, so that
/// a hostile count allocates nothing; pointers on the path to it stay good, because an array grows
/// only when its previous element is complete.
struct Reader::State {
    explicit State(Limits limits_in)
        : limits(limits_in), reader(redisReaderCreateWithFunctions(&functions)) {
        if (!reader) throw std::bad_alloc();
        reader->privdata = this;
    }
    ~State() { redisReaderFree(reader); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    static State& of(const redisReadTask* task) { return *static_cast<State*>(task->privdata); }

    static Reply* place(const redisReadTask* task, Type type) {
        State& state = of(task);
        Reply* slot = &state.root;
        if (task->parent) {
            slot = &static_cast<Reply*>(task->parent->obj)->elements.emplace_back();
        } else {
            state.root = Reply{};
            state.elements = 0;
            state.text_bytes = 0;
        }
        slot->type = type;
        return slot;
    }

    std::string too_long(std::uint64_t bytes) const {
        return "message with " + std::to_string(bytes) + " bytes of text, expected at most " +
               std::to_string(limits.bulk_bytes_max);
    }

    /// What is wrong with the item whose beginning is buffered: a length beyond the limit is
    /// refused before its bytes come.
    std::string problem_of_unfinished() const {
        const std::string_view rest(reader->buf + reader->pos, reader->len - reader->pos);
        const std::size_t line_end = rest.find('\r');
        if (line_end == std::string_view::npos)
            return rest.size() > line_bytes_max ? "line without an end" : "";
        // hiredis has taken the item's first byte, its type, already.
        const bool bulk_string =
            reader->ridx >= 0 && reader->rstack[reader->ridx].type == REDIS_REPLY_STRING;
        std::uint64_t length = 0;
        if (bulk_string) std::from_chars(rest.data(), rest.data() + line_end, length);
        return length > limits.bulk_bytes_max ? too_long(length) : "";
    }

    static void* create_string(const redisReadTask* task, char* bytes, std::size_t length) {
        const Type type = task->type == REDIS_REPLY_STATUS  ? Type::status
                          : task->type == REDIS_REPLY_ERROR ? Type::error
                                                            : Type::bulk;
        Reply* reply = place(task, type);
        State& state = of(task);
        state.text_bytes += length;
        if (state.text_bytes <= state.limits.bulk_bytes_max) {
            reply->text.assign(bytes, length);
            return reply;
        }
        state.problem = state.too_long(state.text_bytes);
        return nullptr;
    }

    static void* create_array(const redisReadTask* task, int elements) {
        Reply* reply = place(task, Type::array);
        State& state = of(task);
        state.elements += static_cast<std::size_t>(elements);
        if (state.elements <= state.limits.elements_max) return reply;
        state.problem = "array of " + std::to_string(elements) + " elements, expected at most " +
                        std::to_string(state.limits.elements_max) + " in one message";
        return nullptr;
    }

    static void* create_integer(const redisReadTask* task, long long value) {
        Reply* reply = place(task, Type::integer);
        reply->integer = value;
        return reply;
    }

    static void* create_nil(const redisReadTask* task) {
        Reply* reply = place(task, Type::null);
        reply->null_array = task->type == REDIS_REPLY_ARRAY;
        return reply;
    }

    static void free_object(void*) {}  // everything lives in root

    redisReplyObjectFunctions functions{create_string, create_array, create_integer, create_nil,
                                        free_object};
    Limits limits;
    redisReader* reader;
    Reply root;
    std::size_t elements = 0;    ///< of the message being read, as announced
    std::size_t text_bytes = 0;  ///< of the message being read
    std::string problem;
};

Reader::Reader(Limits limits) : state_(std::make_unique<State>(limits)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::feed(std::string_view bytes) {
    if (bytes.empty() || !state_->problem.empty()) return;
    if (redisReaderFeed(state_->reader, bytes.data(), bytes.size()) != REDIS_OK)
        throw std::bad_alloc();
}

std::size_t Reader::buffered() const noexcept { return state_->reader->len - state_->reader->pos; }

Decode Reader::next(Reply& reply) {
    State& state = *state_;
    if (!state.problem.empty()) return Decode::malformed;
    void* complete = nullptr;
    if (redisReaderGetReply(state.reader, &complete) != REDIS_OK) {
        if (state.problem.empty()) state.problem = state.reader->errstr;
        return Decode::malformed;
    }
    if (complete) {
        reply = std::move(state.root);
        return Decode::message;
    }
    state.problem = state.problem_of_unfinished();
    return state.problem.empty() ? Decode::need_more : Decode::malformed;
}

std::string_view Reader::error() const noexcept { return state_->problem; }

}  // namespace conclave::resp
