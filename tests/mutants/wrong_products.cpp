#include "wrong_products.hpp"

#include <algorithm>
#include <sstream>

#include "../scenarios/support.hpp"
#include "mutants.hpp"
#include "patches.hpp"

namespace conclave::mutants {

namespace {

constexpr std::int64_t faults_min = 20;
constexpr std::int64_t faults_max = 26;

const std::vector<Mutant>& wrapped() {
    static const std::vector<Mutant> all = [] {
        std::vector<Mutant> mutants = redis_mutants();
        for (Mutant& mutant : file_mutants()) mutants.push_back(std::move(mutant));
        for (Mutant& mutant : characteristic_mutants()) mutants.push_back(std::move(mutant));
        return mutants;
    }();
    return all;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

Kind kind_of(std::string_view file) {
    if (file.starts_with("core/")) return Kind::client;
    if (file.starts_with("drivers/redis/client/")) return Kind::redis_client;
    if (file.starts_with("drivers/redis/codec/") || file.starts_with("drivers/msgpack/"))
        return Kind::codec;
    if (file.ends_with("/engine/scripts.cpp")) return Kind::script;
    return file.starts_with("sim/servers/") ? Kind::server : Kind::driver;
}

std::vector<WrongProduct> all_products() {
    std::vector<WrongProduct> products;
    for (const Mutant& mutant : wrapped())
        products.push_back({mutant.name, mutant.wrong, Kind::driver,
                            mutant.cause.empty() ? mutant.name : mutant.cause, mutant.scenario,
                            words_of(mutant.properties), mutant.seeds, &mutant.drivers, 0});
    for (const Patch& patch : patches())
        products.push_back({patch.name, patch.wrong, kind_of(patch.file), patch.cause,
                            patch.scenario, words_of(patch.properties), patch.seeds, nullptr,
                            patch.number});
    return products;
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    switch (kind) {
        case Kind::client: return "client";
        case Kind::redis_client: return "Redis client";
        case Kind::driver: return "driver";
        case Kind::codec: return "codec";
        case Kind::script: return "script";
        case Kind::server: return "server";
    }
    return "?";
}

const std::vector<WrongProduct>& wrong_products() {
    static const std::vector<WrongProduct> all = all_products();
    return all;
}

std::vector<WrongProduct> swept_products() {
    std::vector<WrongProduct> swept = wrong_products();
    std::erase_if(swept, [](const WrongProduct& product) { return product.by_test(); });
    return swept;
}

OnTrial::OnTrial(const WrongProduct& product) {
    options_.drivers = product.drivers;
    chosen = product.patch;
}

OnTrial::~OnTrial() { chosen = 0; }

bool is_caught(const WrongProduct& product, const scenarios::Plan& plan,
               const std::string& property) {
    scenarios::RunResult run;
    {
        const OnTrial trial(product);
        run = scenarios::run_plan(plan, trial.options());
    }
    if (!scenarios::violated(run, property)) return false;
    return scenarios::judgement(run, property)->claimed ||
           !scenarios::violated(scenarios::run_plan(plan), property);
}

std::uint64_t first_caught(const WrongProduct& product, const std::string& property,
                           std::uint64_t first, std::uint64_t last) {
    const scenarios::Scenario scenario = scenarios::builtin(product.scenario);
    for (std::uint64_t seed = first; seed <= last; ++seed)
        if (is_caught(product, draw_plan(scenario, scenario.drivers.front(), seed), property))
            return seed;
    return 0;
}

std::vector<Find> finds_of(const WrongProduct& product, std::size_t count, std::uint64_t seeds) {
    scenarios::Scenario scenario = scenarios::builtin(product.scenario);
    scenario.budget_min = faults_min;
    scenario.budget_max = faults_max;
    const std::string& property = product.properties.front();
    const OnTrial trial(product);
    std::vector<Find> finds;
    for (std::uint64_t seed = 1; seed <= seeds && finds.size() < count; ++seed) {
        const scenarios::Plan plan =
            scenarios::draw_plan(scenario, scenario.drivers.front(), seed);
        const scenarios::RunResult run = scenarios::run_plan(plan, trial.options());
        if (scenarios::violated(run, property))
            finds.push_back(
                {plan, {property, scenarios::judgement(run, property)->claimed}});
    }
    return finds;
}

}  // namespace conclave::mutants
