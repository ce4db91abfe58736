// The non-throwing twins: what each gives when its operation succeeds, and what it says when it
// fails.

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

/// That `result` failed as told, and carries the very Error.
template <class T>
void expect_failure(const Result<T>& result, ErrorCode code, Effect effect) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure().code, code);
    EXPECT_EQ(result.failure().effect, effect);
    EXPECT_FALSE(result.failure().message.empty());
    try {
        std::rethrow_exception(result.failure().cause);
    } catch (const Error& error) {
        EXPECT_EQ(error.error_code(), code);
        EXPECT_EQ(error.what(), result.failure().message);
    }
}

struct Twins : ClientTest {
    Mutex mutex() { return a->mutex("L"); }
    Election election() { return a->election("g"); }
    Group group_g() { return a->group("g"); }

    /// `twin` once when the backend is away, and once when its request is lost.
    template <class Twin>
    void expect_connection_errors(Twin twin, Effect of_lost_request = Effect::unknown) {
        a_link.next_fault = Fault::unreachable;
        expect_failure(twin(), ErrorCode::connection, Effect::none);
        a_link.next_fault = Fault::lost_request;
        expect_failure(twin(), ErrorCode::connection, of_lost_request);
    }
    Result<Client> start_with(FakeLink& link, const std::vector<Requirement>& requirements = {}) {
        return Client::try_start(gate, std::make_unique<FakeDriver>(link), link.member_id,
                                 requirements);
    }
};

TEST_F(Twins, TryStart) {
    FakeLink c_link{gate.runtime(), backend, "c"};
    on_fiber([&] {
        Result<Client> started = start_with(c_link);
        ASSERT_TRUE(started);
        EXPECT_EQ(started.value().member_id(), MemberId("c"));
        started.value().stop();
        c_link.next_fault = Fault::unreachable;
        expect_failure(start_with(c_link), ErrorCode::connection, Effect::none);
        expect_failure(start_with(c_link, {Feature::fencing}), ErrorCode::driver_chosen_poorly,
                       Effect::none);
    });
}

TEST_F(Twins, TryGroups) {
    on_fiber([&] {
        group_g().create();
        EXPECT_EQ(a->try_groups().value(), std::vector<GroupId>{"g"});
        expect_connection_errors([&] { return a->try_groups(); });
    });
}

TEST_F(Twins, TryExamine) {
    on_fiber([&] {
        EXPECT_TRUE(a->try_examine().value().empty());
        a->stop();
        expect_failure(a->try_examine(), ErrorCode::other, Effect::none);
    });
}

TEST_F(Twins, TryAcquire) {
    on_fiber([&] {
        EXPECT_TRUE(mutex().try_acquire().value().valid());
        a_link.next_fault = Fault::refused;
        expect_failure(mutex().try_acquire(), ErrorCode::other, Effect::none);
        a->stop();
        expect_failure(mutex().try_acquire(), ErrorCode::other, Effect::none);
    });
}

TEST_F(Twins, TryAcquireEndsWithTheClient) {
    on_fiber([&] {
        const HeldLock held = b->mutex("L").acquire();
        group.spawn([&] {
            sleep_for(environment.runtime, 1s);
            a->stop();
        });
        expect_failure(mutex().try_acquire(), ErrorCode::cancelled, Effect::none);
    });
}

TEST_F(Twins, TryAcquireFor) {
    on_fiber([&] {
        EXPECT_TRUE(mutex().try_acquire_for(0s).value());
        expect_connection_errors([&] { return mutex().try_acquire_for(0s); });
    });
}

TEST_F(Twins, TryAcquireSharedFor) {
    on_fiber([&] {
        expect_failure(mutex().try_acquire_shared_for(0s), ErrorCode::not_implemented,
                       Effect::none);
    });
}

TEST_F(Twins, TryRelease) {
    on_fiber([&] {
        HeldLock held = mutex().acquire();
        EXPECT_TRUE(held.try_release().value());
        EXPECT_FALSE(held.try_release().value()) << "it was given up already";
        held = mutex().acquire();
        a_link.next_fault = Fault::lost_reply;
        expect_failure(held.try_release(), ErrorCode::connection, Effect::unknown);
        EXPECT_FALSE(held.valid());
    });
}

TEST_F(Twins, TryBreakLock) {
    on_fiber([&] {
        EXPECT_FALSE(mutex().try_break_lock().value());
        const HeldLock held = b->mutex("L").acquire();
        EXPECT_TRUE(mutex().try_break_lock().value());
        expect_connection_errors([&] { return mutex().try_break_lock(); });
    });
}

TEST_F(Twins, TryHolderAndTryBreakHolder) {
    on_fiber([&] {
        EXPECT_FALSE(mutex().try_holder().value());
        const HeldLock held = b->mutex("L").acquire();
        const std::optional<Holder> holder = mutex().try_holder().value();
        ASSERT_TRUE(holder);
        EXPECT_EQ(holder->member_id, "b");
        expect_connection_errors([&] { return mutex().try_holder(); });
        expect_connection_errors([&] { return mutex().try_break_holder(*holder); });
        EXPECT_TRUE(mutex().try_break_holder(*holder).value());
        EXPECT_FALSE(mutex().try_break_holder(*holder).value());
    });
}

TEST_F(Twins, TryCampaignForAndTryResign) {
    on_fiber([&] {
        std::optional<Leadership> leads = election().try_campaign_for(0s).value();
        ASSERT_TRUE(leads);
        EXPECT_FALSE(b->election("g").try_campaign_for(0s).value());
        EXPECT_TRUE(leads->try_resign().value());
        leads = election().campaign_for(0s);
        a_link.next_fault = Fault::lost_request;
        expect_failure(leads->try_resign(), ErrorCode::connection, Effect::unknown);
        EXPECT_FALSE(leads->valid());
        expect_connection_errors([&] { return election().try_campaign_for(0s); });
    });
}

TEST_F(Twins, TryLead) {
    on_fiber([&] {
        int bodies = 0;
        const auto count = [&](Leadership& leads) { bodies += leads.valid(); };
        EXPECT_EQ(election().try_lead(count).value(), LeadEnd::resigned);
        const auto cut_off = [&](Leadership&) { a_link.next_fault = Fault::lost_reply; };
        expect_failure(election().try_lead(cut_off), ErrorCode::connection, Effect::unknown);
        const auto serialize = [](Leadership&) { throw SerializationError("no text"); };
        expect_failure(election().try_lead(serialize), ErrorCode::serialization, Effect::none);
        const auto other = [](Leadership&) { throw std::runtime_error("not ours"); };
        EXPECT_THROW((void)election().try_lead(other), std::runtime_error);
        a_link.next_fault = Fault::refused;
        expect_failure(election().try_lead(count), ErrorCode::other, Effect::none);
        EXPECT_EQ(bodies, 1);
    });
}

TEST_F(Twins, TryLeader) {
    on_fiber([&] {
        EXPECT_EQ(election().try_leader().value().known, Leader::Known::nobody);
        expect_connection_errors([&] { return election().try_leader(); });
    });
}

TEST_F(Twins, TryCreateAndTryRemove) {
    on_fiber([&] {
        EXPECT_TRUE(group_g().try_create());
        expect_failure(group_g().try_create(), ErrorCode::group_already_exists, Effect::none);
        expect_connection_errors([&] { return group_g().try_create(); });
        expect_connection_errors([&] { return group_g().try_remove(); });
        EXPECT_TRUE(group_g().try_remove());
        expect_failure(group_g().try_remove(), ErrorCode::group_not_created, Effect::none);
    });
}

TEST_F(Twins, TryJoinTryUpdateAndTryLeave) {
    on_fiber([&] {
        expect_connection_errors([&] { return group_g().try_join(); });
        Membership mine = group_g().try_join("here").value();
        expect_failure(group_g().try_join(), ErrorCode::member_already_exists, Effect::none);
        EXPECT_TRUE(mine.try_update("there"));
        EXPECT_EQ(group_g().capabilities("a"), Value("there"));
        expect_connection_errors([&] { return mine.try_update("nowhere"); });
        EXPECT_TRUE(mine.try_leave().value());
        expect_failure(mine.try_update("gone"), ErrorCode::member_not_joined, Effect::none);
        Membership again = group_g().join();
        a_link.next_fault = Fault::lost_request;
        expect_failure(again.try_leave(), ErrorCode::connection, Effect::unknown);
        EXPECT_FALSE(again.valid());
    });
}

TEST_F(Twins, OfReadingAGroup) {
    on_fiber([&] {
        expect_failure(group_g().try_members(), ErrorCode::group_not_created, Effect::none);
        const Membership mine = group_g().join("here");
        EXPECT_EQ(group_g().try_members().value(), std::set<MemberId>{"a"});
        EXPECT_EQ(group_g().try_members_with_capabilities().value().at("a"), Value("here"));
        EXPECT_EQ(group_g().try_capabilities("a").value(), Value("here"));
        expect_failure(group_g().try_capabilities("b"), ErrorCode::member_not_joined, Effect::none);
        expect_connection_errors([&] { return group_g().try_members(); });
        expect_connection_errors([&] { return group_g().try_members_with_capabilities(); });
        expect_connection_errors([&] { return group_g().try_capabilities("a"); });
    });
}

TEST_F(Twins, TryWatch) {
    on_fiber([&] {
        expect_failure(group_g().try_watch(), ErrorCode::group_not_created, Effect::none);
        group_g().create();
        expect_connection_errors([&] { return group_g().try_watch(); });
        GroupWatch pulled = group_g().try_watch().value();
        EXPECT_EQ(pulled.next(0s)->kind, GroupEvent::Kind::snapshot);
        int told = 0;
        const Executor inline_executor = [](const auto& task) { task(); };
        const GroupWatch pushed =
            group_g().try_watch(inline_executor, [&](const GroupEvent&) { ++told; }).value();
        sleep_for(environment.runtime, 1s);
        EXPECT_EQ(told, 1);
    });
}

}  // namespace
}  // namespace conclave
