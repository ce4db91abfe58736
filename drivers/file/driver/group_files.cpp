#include "group_files.hpp"

#include "conclave/codec/msgpack.hpp"
#include "entries.hpp"

namespace conclave::file {

namespace {

std::string pack(const Value& value) { return msgpack::pack(value).bytes; }

/// Python's datetime as oslo.serialization packs it: extension type 1 around a map.
std::string pack_datetime(WallTime time) {
    using namespace std::chrono;
    const auto since_epoch = microseconds(time.nanoseconds / 1000);
    const auto day = floor<days>(since_epoch);
    const year_month_day date{sys_days(day)};
    const hh_mm_ss clock(since_epoch - day);
    const std::string fields =
        pack(Map{{"day", static_cast<int>(static_cast<unsigned>(date.day()))},
                 {"month", static_cast<int>(static_cast<unsigned>(date.month()))},
                 {"year", static_cast<int>(date.year())},
                 {"hour", static_cast<std::int64_t>(clock.hours().count())},
                 {"minute", static_cast<std::int64_t>(clock.minutes().count())},
                 {"second", static_cast<std::int64_t>(clock.seconds().count())},
                 {"microsecond", static_cast<std::int64_t>(clock.subseconds().count())}});
    constexpr char extension_of_8_bit_length = '\xc7';
    constexpr char datetime_type = 1;
    return std::string{extension_of_8_bit_length, static_cast<char>(fields.size()),
                       datetime_type} +
           fields;
}

/// The entry of a datetime's map, 0 when it is not there; nullopt outside of 0..`highest`.
std::optional<int> field(const Value& datetime, const char* name, std::int64_t highest) {
    const Value* const found = entry(datetime, name);
    if (!found) return 0;
    const std::int64_t* const number = found->get_if<std::int64_t>();
    if (!number || *number < 0 || *number > highest) return std::nullopt;
    return static_cast<int>(*number);
}

std::optional<WallTime> unpack_datetime(const Value& datetime) {
    using namespace std::chrono;
    constexpr std::int64_t last_year = 2200;  // nanoseconds in 64 bits end in 2262
    const auto year_number = field(datetime, "year", last_year);
    const auto month_number = field(datetime, "month", 12);
    const auto day_number = field(datetime, "day", 31);
    const auto hour = field(datetime, "hour", 23);
    const auto minute = field(datetime, "minute", 59);
    const auto second = field(datetime, "second", 59);
    const auto microsecond = field(datetime, "microsecond", 999'999);
    if (!year_number || *year_number < 1970 || !month_number || !day_number || !hour || !minute ||
        !second || !microsecond)
        return std::nullopt;
    const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                              day(static_cast<unsigned>(*day_number))};
    if (!date.ok()) return std::nullopt;
    const nanoseconds since_epoch = sys_days(date).time_since_epoch() + hours(*hour) +
                                    minutes(*minute) + seconds(*second) +
                                    microseconds(*microsecond);
    return WallTime{since_epoch.count()};
}

std::optional<Value> unpack_map(const std::string& bytes) {
    msgpack::Unpacked unpacked = msgpack::unpack(bytes);
    if (!unpacked.problem.empty() || !unpacked.value.get_if<Map>()) return std::nullopt;
    return std::move(unpacked.value);
}

/// No capabilities are null, however the peer's version spelled that.
Value capabilities_of(const Value& member) {
    const Value* const stored = entry(member, "capabilities");
    const Blob* const blob = stored ? stored->get_if<Blob>() : nullptr;
    return !stored || (blob && blob->bytes.empty()) ? Value() : *stored;
}

}  // namespace

std::string pack_group(const std::string& group) {
    return pack(Map{{"group_id", Blob{group}}, {"encoded", false}});
}

std::optional<std::string> parse_group(const std::string& bytes) {
    const std::optional<Value> group = unpack_map(bytes);
    return group ? bytes_of(entry(*group, "group_id")) : std::nullopt;
}

std::string pack_member(const std::string& member_id, const std::string& capabilities,
                        const std::string& incarnation, WallTime joined) {
    constexpr char map_of_five = '\x85';
    return map_of_five + pack("capabilities") + capabilities + pack("joined_on") +
           pack_datetime(joined) + pack("member_id") + pack(Blob{member_id}) + pack("encoded") +
           pack(false) + pack("conclave_incarnation") + pack(incarnation);
}

std::optional<Member> parse_member(const std::string& bytes) {
    const std::optional<Value> member = unpack_map(bytes);
    const Value* const joined = member ? entry(*member, "joined_on") : nullptr;
    if (!joined) return std::nullopt;
    const std::optional<std::string> member_id = bytes_of(entry(*member, "member_id"));
    if (!member_id) return std::nullopt;
    return Member{*member_id, capabilities_of(*member),
                  bytes_of(entry(*member, "conclave_incarnation")).value_or(""),
                  unpack_datetime(*joined)};
}

}  // namespace conclave::file
