// `conclave sim explain`: the words, and the page.

#include <gmock/gmock.h>

#include <regex>

#include "finds.hpp"

namespace conclave {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

using Explain = Finds;

/// What is wrong with `page` as XML; empty when it is well-formed.
std::string xml_complaint(const std::string& page) {
    static const std::regex tag("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z0-9:-]+=\"[^\"<]*\")*)(/?)>");
    static const std::regex entity("&(lt|gt|amp|quot|#39);");
    const std::string doctype = "<!DOCTYPE html>\n";
    if (!page.starts_with(doctype)) return "no doctype";
    std::vector<std::string> open;
    for (std::size_t at = doctype.size(); at < page.size(); ++at) {
        std::smatch parts;
        const auto here = page.begin() + static_cast<std::ptrdiff_t>(at);
        const auto only_here = std::regex_constants::match_continuous;
        if (page[at] == '&' && !std::regex_search(here, page.end(), parts, entity, only_here))
            return "a bare & before " + page.substr(at, 40);
        if (page[at] != '<') continue;
        if (!std::regex_search(here, page.end(), parts, tag, only_here))
            return "no tag: " + page.substr(at, 60);
        if (parts[1].length() == 0 && parts[4].length() == 0) open.push_back(parts[2]);
        if (parts[1].length() == 0) continue;
        if (open.empty() || open.back() != parts[2]) return "closes " + parts[2].str();
        open.pop_back();
    }
    return open.empty() ? "" : "never closes " + open.back();
}

TEST_F(Explain, TellsAViolationInWordsAndAsAPage) {
    const Find found = find();
    const Finished told = run("sim explain " + found.path + " --budget 1ms --html page.html");
    EXPECT_EQ(told.code, 0) << "what is violated is not claimed\n" << told.text;
    const std::string& object = found.verdict.object;
    EXPECT_THAT(told.text,
                AllOf(HasSubstr("redis/lock_failover: "), HasSubstr("on redis-sentinel; clients: c1"),
                      HasSubstr("other processes: redis-1, "), HasSubstr("expected exclusion"),
                      HasSubstr("two holders of " + object), HasSubstr("\n  why: "),
                      HasSubstr("\n  claimed: no"), HasSubstr("\n  mechanisms: "),
                      HasSubstr("sim replay find.plan\n"), HasSubstr("timeline of " + object),
                      ContainsRegex("\n  process redis-[1-3]\n.*script acquire")));
    EXPECT_GE(count(told.text, "believes from here on that it holds " + object), 2u) << told.text;
    const std::string page = read("page.html");
    EXPECT_EQ(xml_complaint(page), "");
    for (const scenarios::ClientPlan& client : found.plan.clients)
        EXPECT_THAT(page, HasSubstr(">" + client.name + "</text>"));
    EXPECT_GE(count(page, "<rect class=\"hold\""), 2u);
    EXPECT_GE(count(page, "<rect class=\"overlap\""), 2u);
    EXPECT_GE(count(page, "<line class=\"message"), 4u);
    EXPECT_EQ(count(page, "<line class=\"violation\""), 1u);
    EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("src=")), HasSubstr("fault")));
}

TEST_F(Explain, APlanThatHoldsIsShownTooAndHostileNamesAreEscaped) {
    scenarios::Plan plan = quiet();
    plan.clients[0].name = "<script>alert('1')&";
    for (scenarios::ClientPlan& client : plan.clients)
        for (scenarios::Step& step : client.steps) step.object = "\"><b>";
    const Finished told =
        run("sim explain " + write("hostile.plan", to_text(plan)) + " --html page.html");
    EXPECT_EQ(told.code, 0) << told.text;
    EXPECT_THAT(told.text, AllOf(HasSubstr("violates nothing: "), HasSubstr("exclusion held"),
                                 HasSubstr("timeline of \"><b> from 0.000000 s"),
                                 HasSubstr("none is active"), HasSubstr("believes from here on")));
    const std::string page = read("page.html");
    EXPECT_EQ(xml_complaint(page), "");
    EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<b>")),
                            HasSubstr("client &lt;script&gt;alert(&#39;1&#39;)&amp;\n"),
                            Not(HasSubstr("class=\"overlap\"")), Not(HasSubstr("class=\"violation\""))));
    const Finished mermaid = run("sim replay hostile.plan --trace mermaid --trace-out diagram");
    EXPECT_EQ(mermaid.code, 0) << mermaid.text;
    EXPECT_THAT(read("diagram"), AllOf(HasSubstr("participant P1 as #60;script#62;alert('1')#38;\n"),
                                       Not(HasSubstr("<b>")), HasSubstr("from the end are left out")));
}

TEST_F(Explain, ErrorsNameWhatIsWrong) {
    const std::string plan = write("quiet.plan", to_text(quiet()));
    const std::pair<std::string, const char*> wrong[] = {
        {plan + " --html no/page.html", "no/page.html: cannot be written"},
        {plan + " --budget soon", "--budget 'soon': expected a length"},
        {"nothing.plan", "nothing.plan: cannot be read"},
        {write("old.plan", "format = \"conclave-plan/9\"\n"), "'conclave-plan/9'"},
    };
    for (const auto& [arguments, text] : wrong) {
        const Finished ran = run("sim explain " + arguments);
        EXPECT_EQ(ran.code, 2) << arguments << ran.text;
        EXPECT_THAT(ran.text, HasSubstr(text)) << arguments;
    }
}

}  // namespace
}  // namespace conclave
