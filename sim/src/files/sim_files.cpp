#include "sim_files.hpp"

#include <algorithm>
#include <utility>

#include "../host_state.hpp"
#include "../process_state.hpp"

namespace conclave::sim {

namespace {

FileOutcome dead(const std::string& path) {
    return {FileStatus::cancelled, Effect::unknown, path + ": the process is dead"};
}

std::int64_t wall_now(const ProcessState& process, const DiskState& disk) {
    if (disk.owner) return disk.owner->wall_now();
    return process.kernel.now + disk.options.wall_offset.count();
}

}  // namespace

class SimFileLock final : public FileLock {
public:
    SimFileLock(SimFiles& files, std::string path, NodeRef node, std::uint64_t id)
        : files_(files), path_(std::move(path)), node_(std::move(node)), id_(id) {}
    ~SimFileLock() override {
        if (!released_) files_.unlock_later(path_, node_, id_);
    }

    FileOutcome check(Deadline deadline) override {
        const auto look = [node = node_, id = id_, path = files_.place_of(path_).path](
                              DiskState& disk) { return disk.check(path, *node, id); };
        return files_.run(path_, deadline, false, {{SimFiles::Kind::call, "check", look}});
    }
    FileOutcome release(Deadline deadline) override {
        FileOutcome outcome = files_.run(
            path_, deadline, true, {{SimFiles::Kind::call, "unlock", unlocking(node_, id_)}});
        released_ = outcome.ok();
        return outcome;
    }

    static std::function<FileOutcome(DiskState&)> unlocking(NodeRef node, std::uint64_t id) {
        return [node = std::move(node), id](DiskState& disk) {
            disk.unlock(*node, id);
            return FileOutcome{};
        };
    }

private:
    SimFiles& files_;
    const std::string path_;
    const NodeRef node_;
    const std::uint64_t id_;
    bool released_ = false;
};

SimFiles::Place SimFiles::place_of(const std::string& path) const {
    HostState& host = process_.host;
    const std::string wanted = host.local_disk().normalised(path);
    for (const Mount& mount : host.mounts)
        if (wanted == mount.path || wanted.starts_with(mount.path + "/"))
            return {*mount.disk, wanted.substr(mount.path.size())};
    return {host.local_disk(), wanted};
}

FileOutcome SimFiles::before(const std::string& path, Deadline deadline) const {
    const detail::Fiber* const fiber = process_.kernel.core.current();
    if (fiber && fiber->cancelled)
        return {FileStatus::cancelled, Effect::none, path + ": cancelled"};
    if (deadline.passed(TimePoint(Duration(process_.clock.local(process_.kernel.now)))))
        return {FileStatus::timed_out, Effect::none, path + ": not done before the deadline"};
    return {};
}

void SimFiles::pass_time(DiskState& disk, Kind kind) {
    const DiskOptions& options = disk.options;
    Stream& times = process_.file_times;
    const Duration length = kind == Kind::sync ? times.between(options.sync_min, options.sync_max)
                                               : times.between(options.call_min, options.call_max);
    const std::int64_t end = process_.clock.local(process_.kernel.now) + length.count();
    while (process_.clock.local(process_.kernel.now) < end)
        if (process_.park(Deadline(TimePoint(Duration(end)))) == Wake::cancelled) return;
}

void SimFiles::wait_for_answer(DiskState& disk) {
    if (disk.hangs == 0) return;
    detail::Fiber* const fiber = process_.kernel.core.current();
    struct Waiting {
        DiskState& disk;
        detail::Fiber* const fiber;
        ~Waiting() { std::erase(disk.kept_waiting, fiber); }
    } const waiting{disk, fiber};
    disk.kept_waiting.push_back(fiber);
    while (disk.hangs != 0)
        if (process_.park(Deadline::never()) == Wake::cancelled) return;
}

void SimFiles::record(const Place& place, const Step& step, FileStatus status) {
    std::string text(step.word);
    text.append(" ").append(place.path);
    const std::uint64_t hash = Trace::hash_bytes(text) ^ Trace::hash_bytes(step.content ? std::string_view(*step.content) : "");
    Trace& trace = process_.kernel.trace;
    if (trace.kept()) trace.add_text(hash, text);
    process_.kernel.record(TraceKind::file, process_.subject, hash,
                           static_cast<std::uint64_t>(status));
}

FileOutcome SimFiles::take(const Place& place, const Step& step) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return dead(place.path);
    pass_time(place.disk, step.kind);
    wait_for_answer(place.disk);
    FileOutcome outcome = step.action(place.disk);
    record(place, step, outcome.status);
    process_.end_call(ordinal);
    return outcome;
}

FileOutcome SimFiles::run(const std::string& path, Deadline deadline, bool changes,
                          std::vector<Step> steps) {
    FileOutcome outcome = before(path, deadline);
    if (!outcome.ok()) return outcome;
    const auto operation = std::make_shared<Operation>(Operation{place_of(path), std::move(steps)});
    operation->waiter = process_.kernel.core.current();
    struct Leave {
        Operation& operation;
        ~Leave() { operation.waiter = nullptr; }
    } leave{*operation};
    if (process_.alive) submit(operation);
    for (;;) {
        const Wake wake = process_.park(deadline);
        if (operation->done) break;
        if (!process_.alive) return dead(path);
        const Effect effect = changes ? Effect::unknown : Effect::none;
        if (wake == Wake::cancelled)
            return {FileStatus::cancelled, effect, path + ": cancelled"};
        if (wake == Wake::timed_out)
            return {FileStatus::timed_out, effect, path + ": not done before the deadline"};
        // A permit left over from an earlier wait: not ours.
    }
    outcome = operation->outcome;
    // As the caller spells the path, wherever it is mounted.
    if (!outcome.ok()) outcome.detail = path + ": " + std::string(to_string(outcome.status));
    return outcome;
}

void SimFiles::submit(std::shared_ptr<Operation> operation) {
    waiting_.push_back(std::move(operation));
    if (std::exchange(working_, true)) return;
    process_.file_work->spawn([this] { work(); });
}

void SimFiles::work() {
    while (!waiting_.empty()) {
        const std::shared_ptr<Operation> operation = std::move(waiting_.front());
        waiting_.pop_front();
        finish(*operation);
    }
    working_ = false;
}

void SimFiles::finish(Operation& operation) {
    for (const Step& step : operation.steps)
        if (operation.outcome = take(operation.place, step); !operation.outcome.ok()) break;
    operation.done = true;
    if (operation.waiter) wake(*operation.waiter, Wake::notified);
}

void SimFiles::unlock_later(const std::string& path, const NodeRef& node,
                            std::uint64_t id) noexcept {
    if (!working_ || !process_.alive) return process_.unlock(node, id);
    submit(std::make_shared<Operation>(Operation{
        place_of(path), {{Kind::call, "unlock", SimFileLock::unlocking(node, id)}}}));
}

void SimFiles::forget() noexcept {
    waiting_.clear();
    working_ = false;
}

FileRead SimFiles::read(const std::string& path, Deadline deadline) {
    const auto read = std::make_shared<FileRead>();
    const auto look = [read, place = place_of(path).path](DiskState& disk) {
        return disk.read(place, *read);
    };
    FileOutcome outcome = run(path, deadline, false, {{Kind::call, "read", look}});
    return {std::move(outcome), std::move(read->content), read->modified};
}

FileOutcome SimFiles::replace(const std::string& path, const std::string& temporary,
                              std::string_view content, Deadline deadline) {
    const std::string target = place_of(path).path;
    const std::string draft = place_of(temporary).path;
    const auto create = [draft](DiskState& disk) { return disk.create(draft); };
    const auto text = std::make_shared<const std::string>(content);
    const auto write = [this, draft, text](DiskState& disk) {
        FileOutcome outcome = disk.write(draft, *text);
        if (outcome.ok())
            disk.touch(draft, wall_now(process_, disk));
        else
            disk.remove(draft);
        return outcome;
    };
    const auto sync = [draft](DiskState& disk) { return disk.sync_file(draft); };
    const auto rename = [draft, target](DiskState& disk) { return disk.rename(draft, target); };
    return run(path, deadline, true,
               {{Kind::call, "create", create},
                {Kind::call, "write", write, text},
                {Kind::sync, "sync", sync},
                {Kind::call, "rename to", rename},
                {Kind::sync, "sync folder of", &DiskState::sync_folders}});
}

FileOutcome SimFiles::touch(const std::string& path, Deadline deadline) {
    const auto date = [this, place = place_of(path).path](DiskState& disk) {
        return disk.touch(place, wall_now(process_, disk));
    };
    return run(path, deadline, true, {{Kind::call, "touch", date}});
}

FileList SimFiles::list(const std::string& folder, Deadline deadline) {
    const auto list = std::make_shared<FileList>();
    const auto look = [list, place = place_of(folder).path](DiskState& disk) {
        return disk.list(place, *list);
    };
    FileOutcome outcome = run(folder, deadline, false, {{Kind::call, "list", look}});
    return {std::move(outcome), std::move(list->names)};
}

FileOutcome SimFiles::remove(const std::string& path, Deadline deadline) {
    const auto unlink = [place = place_of(path).path](DiskState& disk) {
        return disk.remove(place);
    };
    return run(path, deadline, true,
               {{Kind::call, "remove", unlink},
                {Kind::sync, "sync folder of", &DiskState::sync_folders}});
}

FileOutcome SimFiles::make_folders(const std::string& path, Deadline deadline) {
    const Place place = place_of(path);
    std::vector<Step> steps;
    for (std::size_t end = place.path.find('/', 1); !place.path.empty();
         end = place.path.find('/', end + 1)) {
        const std::string folder = place.path.substr(0, end);
        const bool last = end == std::string::npos;
        const auto make = [folder](DiskState& disk) { return disk.make_folder(folder); };
        const bool missing = !place.disk.find(folder);
        if (missing || last) steps.push_back({Kind::call, "make folder on the way to", make});
        if (missing) steps.push_back({Kind::sync, "sync folder of", &DiskState::sync_folders});
        if (last) break;
    }
    return run(path, deadline, true, std::move(steps));
}

FileLocked SimFiles::try_lock(const std::string& path, LockSharing sharing, Deadline deadline) {
    // A lock whose taker stopped waiting ends with the operation.
    struct Taken {
        ProcessState& process;
        NodeRef node = nullptr;
        std::uint64_t id = 0;
        ~Taken() {
            if (node) process.unlock(node, id);
        }
    };
    const std::string target = place_of(path).path;
    const auto taken = std::make_shared<Taken>(Taken{process_});
    const auto open = [target](DiskState& disk) {
        return disk.find(target) ? FileOutcome{} : disk.create(target);
    };
    const auto lock = [taken, target, sharing](DiskState& disk) {
        return disk.lock(target, taken->process, sharing, taken->id, taken->node);
    };
    const std::string_view word = sharing == LockSharing::shared ? "lock shared" : "lock";
    FileOutcome outcome =
        run(path, deadline, false, {{Kind::call, "open", open}, {Kind::call, word, lock}});
    if (!outcome.ok()) return {std::move(outcome), nullptr};
    return {{}, std::make_unique<SimFileLock>(*this, path, std::exchange(taken->node, nullptr),
                                              taken->id)};
}

FileOutcome SimFiles::look_at_lock(const std::string& path, Deadline deadline) {
    const auto look = [this, target = place_of(path).path](DiskState& disk) {
        return disk.look_at_lock(target, process_);
    };
    return run(path, deadline, false, {{Kind::call, "look at lock", look}});
}

}  // namespace conclave::sim
