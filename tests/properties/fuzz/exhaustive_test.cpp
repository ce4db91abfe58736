// Every history of up to 4 calls: every way in which they overlap, every assignment to two
// sessions, every answer of a small alphabet, every choice of unknown outcomes. Of those of 4 calls
// a share, unless CONCLAVE_FUZZ_EXHAUSTIVE is set.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "fuzz.hpp"

namespace conclave::fuzz {
namespace {

using namespace properties;

/// One call as a letter: what was asked and answered.
struct Letter {
    Action action;
    const char* argument;
    const char* second;
    const char* result;  ///< of reads; "no" for a refusal
    std::int64_t ttl_ns = 0;
};

const std::vector<Letter>& alphabet(Model model) {
    static const std::vector<Letter> of_register = {{Action::write, "1", "", ""},
                                                    {Action::write, "2", "", ""},
                                                    {Action::read, "", "", "null"},
                                                    {Action::read, "", "", "1"},
                                                    {Action::read, "", "", "2"}};
    static const std::vector<Letter> of_cas = {{Action::write, "1", "", ""},
                                               {Action::cas, "1", "2", ""},
                                               {Action::cas, "null", "1", ""},
                                               {Action::cas, "1", "2", "no"},
                                               {Action::read, "", "", "2"}};
    static const std::vector<Letter> of_lease = {{Action::acquire, "a", "", "", 2},
                                                 {Action::acquire, "b", "", ""},
                                                 {Action::acquire, "b", "", "no"},
                                                 {Action::renew, "a", "", "", 3},
                                                 {Action::release, "a", "", ""}};
    static const std::vector<Letter> of_group = {{Action::join, "m", "", "", 2},
                                                 {Action::join, "n", "", ""},
                                                 {Action::leave, "n", "", ""},
                                                 {Action::members, "", "", "m"},
                                                 {Action::members, "", "", "n"}};
    static const std::vector<Letter> of_leader = {{Action::acquire, "a", "b", "", 2},
                                                  {Action::acquire, "b", "", ""},
                                                  {Action::release, "a", "", ""},
                                                  {Action::read, "", "", "b"},
                                                  {Action::read, "", "", "null"}};
    static const std::vector<Letter> of_capabilities = {{Action::join, "m", "1", ""},
                                                        {Action::update, "m", "2", ""},
                                                        {Action::leave, "m", "", ""},
                                                        {Action::read, "m", "", "1"},
                                                        {Action::read, "m", "", "2"}};
    static const std::vector<Letter> of_tokens = {{Action::acquire, "a", "", "1"},
                                                  {Action::acquire, "a", "", "2"},
                                                  {Action::acquire, "b", "", "1"},
                                                  {Action::acquire, "b", "", "2"},
                                                  {Action::acquire, "b", "", "no"}};
    switch (model) {
        case Model::cas_register: return of_cas;
        case Model::leader: return of_leader;
        case Model::capabilities: return of_capabilities;
        case Model::tokens: return of_tokens;
        case Model::mutex:
        case Model::lease: return of_lease;
        case Model::group: return of_group;
        default: return of_register;
    }
}

/// Numbers drawn one after the other from one, each below a bound: a mixed radix.
class Digits {
public:
    explicit Digits(std::uint64_t number) : number_(number) {}
    std::uint64_t take(std::uint64_t bound) {
        const std::uint64_t digit = number_ % bound;
        number_ /= bound;
        return digit;
    }
    bool over() const { return number_ != 0; }

private:
    std::uint64_t number_;
};

/// Instants of calls and returns: the first free instant is the next call's, and its return is any
/// other free one.
void place(Calls& history, Digits& digits) {
    std::vector<std::int64_t> free;
    for (std::size_t i = 0; i < 2 * history.calls.size(); ++i)
        free.push_back(static_cast<std::int64_t>(i));
    for (Call& call : history.calls) {
        call.call_ns = free.front();
        free.erase(free.begin());
        const auto chosen = static_cast<std::ptrdiff_t>(digits.take(free.size()));
        call.return_ns = free[static_cast<std::size_t>(chosen)];
        free.erase(free.begin() + chosen);
    }
}

void spell(Calls& history, Model model, Call& call, const Letter& letter) {
    call.action = letter.action;
    const auto text = [&](const char* name) -> TextId { return *name ? history.text(name) : 0; };
    call.argument = text(letter.argument);
    call.second = text(letter.second);
    call.ttl_ns = letter.ttl_ns;
    call.agreed = std::string(letter.result) != "no";
    if (letter.action == Action::read) call.result = text(letter.result);
    if (model == Model::tokens && call.agreed) call.token = std::stoll(letter.result);
    if (letter.action == Action::members)
        call.result = history.list(std::vector<TextId>{text(letter.result)});
}

Calls spell_out(Model model, std::size_t count, Digits& digits) {
    Calls history;
    history.calls.resize(count);
    place(history, digits);
    for (std::size_t i = 0; i < count; ++i) {
        Call& call = history.calls[i];
        call.session = history.text(i > 0 && digits.take(2) == 1 ? "q" : "p");
        call.object = history.text("x");
        call.status = digits.take(2) == 1 ? Status::unknown : Status::ok;
        spell(history, model, call, alphabet(model)[digits.take(alphabet(model).size())]);
        if (call.status == Status::unknown) call.agreed = true;
    }
    return history;
}

class Exhaustive : public testing::TestWithParam<Model> {};

TEST_P(Exhaustive, CheckerAndOracleAgree) {
    constexpr Characteristic characteristics[] = {
        Characteristic::linearizable, Characteristic::sequential, Characteristic::serializable,
        Characteristic::same_view_across_clients, Characteristic::causal};
    const bool all = std::getenv("CONCLAVE_FUZZ_EXHAUSTIVE") != nullptr;
    Count count;
    for (std::size_t calls = 1; calls <= 4; ++calls) {
        const std::uint64_t step = calls == 4 && !all ? 5003 : 1;
        for (std::uint64_t number = 0;; number += step) {
            Digits digits(number);
            const Calls history = spell_out(GetParam(), calls, digits);
            if (digits.over()) break;
            for (const Characteristic characteristic : characteristics)
                compare(history, GetParam(), characteristic, number % 2 == 0, count);
            ASSERT_EQ(count.disagreement, "") << "number " << number << " of " << calls << " calls";
        }
    }
    std::cout << "summary: every history of up to " << (all ? 4 : 3) << " calls, "
              << to_string(GetParam()) << ": " << count.histories << " verdicts, "
              << count.violating * 100 / count.histories << " % violating, 0 disagreements\n";
    EXPECT_GE(count.violating * 100 / count.histories, 15U);
}

INSTANTIATE_TEST_SUITE_P(Models, Exhaustive, testing::ValuesIn(all_models()));

}  // namespace
}  // namespace conclave::fuzz
