#include "shrinking.hpp"

#include <algorithm>
#include <filesystem>

#include "report.hpp"

namespace conclave::tool {

namespace fs = std::filesystem;

namespace {

/// A run that is under way when the budget ends, and saving and telling.
constexpr std::chrono::seconds last_run_max{20};

fs::path small_folder(const fs::path& plan_path) { return plan_path.parent_path() / "minimal"; }

void save(const scenarios::Plan& plan, const fs::path& path) {
    std::error_code error;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
    if (error) throw scenarios::FileError(path.string() + ": " + error.message());
    write_file(path.string(), to_text(plan));
}

int code_of(const scenarios::ShrinkResult& shrunk) {
    if (shrunk.signature.claimed) return Exit::property_violated;
    return shrunk.minimal ? Exit::all_held : Exit::undecided;
}

ChildResult shrink_here(const ShrinkRequest& request) {
    const auto began = std::chrono::steady_clock::now();
    const scenarios::ShrinkResult shrunk = scenarios::shrink(
        request.plan, request.signature,
        {.runs_max = UINT64_MAX,
         .over = [&] { return std::chrono::steady_clock::now() - began > request.budget; }});
    const std::int64_t real_ms = milliseconds_since(began);
    scenarios::Plan small = shrunk.plan;
    small.property = request.signature.property;
    small.applied = static_cast<std::int64_t>(shrunk.run.faults);
    save(small, request.out);
    const std::string replay = request.program + " sim replay " + request.out;
    Counterexample shown{shrunk.plan,  shrunk.run, request.signature.property, replay,
                         request.out, real_ms,    &shrunk,                    request.whole};
    return {to_text(shown), code_of(shrunk), ""};
}

}  // namespace

ChildResult shrink_and_tell(const ShrinkRequest& request) {
    return in_child([&] { return shrink_here(request); }, request.budget + last_run_max);
}

std::string drawn_plan_path(const scenarios::Plan& plan) {
    std::string name = plan.scenario;
    std::replace(name.begin(), name.end(), '/', '-');
    return ".conclave/failures/" + name + "-" + std::to_string(plan.seed) + ".plan";
}

std::string small_plan_path(const std::string& plan_path, const std::string& property) {
    const fs::path path = plan_path;
    return (small_folder(path) / (path.stem().string() + "-" + property + ".plan")).string();
}

void remove_small_plans(const std::string& plan_path) {
    const fs::path path = plan_path;
    const std::string prefix = path.stem().string() + "-";
    std::error_code error;
    std::vector<fs::path> gone;
    for (const auto& entry : fs::directory_iterator(small_folder(path), error))
        if (entry.path().filename().string().starts_with(prefix)) gone.push_back(entry.path());
    for (const fs::path& each : gone) fs::remove(each, error);
}

}  // namespace conclave::tool
