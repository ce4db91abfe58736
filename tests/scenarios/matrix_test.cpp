// The README's table says what the sweeps say.

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "conclave/driver.hpp"
#include "conclave/scenarios/runner.hpp"
#include "tool.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;

std::vector<std::string> words_of_row(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream in(line);
    std::string cell;
    std::getline(in, cell, '|');  // before the first bar
    while (std::getline(in, cell, '|')) {
        const std::size_t begin = cell.find_first_not_of(' ');
        const std::size_t end = cell.find_last_not_of(' ');
        words.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
    }
    return words;
}

/// Rows of the README's tables, by their first words.
class ReadmeTables {
public:
    ReadmeTables() {
        std::ifstream in(CONCLAVE_README);
        for (std::string line; std::getline(in, line);)
            if (line.starts_with('|')) rows_.push_back(words_of_row(line));
    }

    /// The cell of a characteristic in a configuration's column; empty when there is none.
    std::string cell(const std::string& characteristic, const std::string& driver) const {
        std::size_t column = 0;
        for (const auto& row : rows_) {
            if (row.front().empty())
                for (std::size_t i = 0; i < row.size(); ++i)
                    if (row[i] == driver) column = i;
            if (column != 0 && row.front() == characteristic) return row.at(column);
        }
        return "";
    }

    /// The first words of the rows below the configurations, and the configurations.
    std::pair<std::set<std::string>, std::set<std::string>> rows_and_columns() const {
        std::set<std::string> rows, columns;
        bool inside = false;
        for (const auto& row : rows_) {
            if (row.front().empty())
                columns = {row.begin() + 1, row.end()};
            else if (row.front() == "configuration")
                break;
            else if (inside)
                rows.insert(row.front());
            inside = inside || row.front().starts_with("---");
        }
        return {rows, columns};
    }

    /// The assumptions that a configuration has a row for.
    std::set<std::string> assumptions(const std::string& driver) const {
        std::set<std::string> found;
        for (const auto& row : rows_)
            if (row.size() == 3 && row[0] == driver) found.insert(row[1]);
        return found;
    }
    /// All of the second table.
    std::set<std::string> configurations_without() const {
        std::set<std::string> found;
        for (const auto& row : rows_)
            if (row.size() == 3 && row[0] != "configuration" && !row[0].starts_with("---"))
                found.insert(row[0]);
        return found;
    }

    /// What a configuration loses without an assumption.
    std::string without(const std::string& driver, const std::string& assumption) const {
        for (const auto& row : rows_)
            if (row.size() == 3 && row[0] == driver && row[1] == assumption) return row[2];
        return "";
    }

private:
    std::vector<std::vector<std::string>> rows_;
};

class Matrix : public Tool, public testing::WithParamInterface<std::string> {};

TEST_P(Matrix, IsWhatTheReadmeSays) {
    const ReadmeTables readme;
    const Finished ran = run("sim matrix --seeds 20 --json - --driver " + GetParam());
    ASSERT_EQ(ran.code, 0) << "a claim is violated or undecided: " << ran.text;
    const auto matrix = nlohmann::json::parse(ran.text);
    ASSERT_EQ(matrix.at("cells").size(), 10u);
    for (const auto& cell : matrix.at("cells")) {
        const std::string word = cell.at("verdict");
        EXPECT_EQ(readme.cell(cell.at("characteristic"), GetParam()),
                  cell.at("claimed")           ? "**" + word + "**"
                  : cell.at("claimed_by_tooz") ? "*" + word + "*"
                                               : word)
            << cell;
    }
    std::set<std::string> assumptions;
    for (const auto& row : matrix.at("outside")) {
        assumptions.insert(row.at("without"));
        std::string names;
        for (const std::string name : row.at("violated"))
            names += (names.empty() ? "" : ", ") + name;
        EXPECT_EQ(readme.without(GetParam(), row.at("without")), names);
    }
    EXPECT_EQ(readme.assumptions(GetParam()), assumptions);
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    for (char& c : name)
        if (c == '-') c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Configurations, Matrix,
                         testing::Values("file", "file-shared", "redis", "redis-sentinel",
                                         "redis-sentinel-wait", "file-as-tooz", "redis-as-tooz",
                                         "redis-sentinel-as-tooz"),
                         name_of);

TEST(ReadmeTable, HasNoRowOrColumnThatTheMatrixLacks) {
    const auto [rows, columns] = ReadmeTables().rows_and_columns();
    const std::vector<std::string> known = scenarios::driver_configurations();
    EXPECT_EQ(columns, std::set<std::string>(known.begin(), known.end()));
    std::set<std::string> characteristics;
    for (int i = 0; i < 10; ++i) characteristics.emplace(to_string(static_cast<Characteristic>(i)));
    EXPECT_EQ(rows, characteristics);
    for (const std::string& driver : ReadmeTables().configurations_without())
        EXPECT_TRUE(columns.contains(driver)) << driver;
}

TEST_F(Tool, AMatrixOfAnUnknownConfigurationIsRefused) {
    const Finished ran = run("sim matrix --driver redus");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("--driver 'redus': unknown"));
}

TEST_F(Tool, TheMatrixSaysWhatItKnowsAndShowsCounterexamplesSmall) {
    const Finished ran = run("sim matrix --seeds 1 --driver file");
    EXPECT_THAT(ran.text, HasSubstr("linearizable as a lease"));
    EXPECT_THAT(ran.text, HasSubstr("as a mutex, no lease ends"));
    EXPECT_THAT(ran.text, HasSubstr(" acquires refused, "));
    EXPECT_THAT(ran.text, HasSubstr("undecided in "));
    const std::size_t line = ran.text.find("  non_timeout_based ");
    ASSERT_NE(line, std::string::npos) << ran.text;
    const std::string told = ran.text.substr(line, ran.text.find('\n', line) - line);
    const std::size_t plan = told.find(".conclave/failures/minimal/");
    ASSERT_NE(plan, std::string::npos) << told;
    EXPECT_THAT(run("sim replay " + told.substr(plan)).text,
                HasSubstr("expected non_timeout_based"));
}

TEST_F(Tool, TheMatrixIsATableForAPage) {
    const Finished ran = run("sim matrix --seeds 1 --md - --driver file-shared");
    EXPECT_THAT(ran.text, HasSubstr("| | file-shared |\n|---|---|\n| linearizable | "));
}

}  // namespace
}  // namespace conclave
