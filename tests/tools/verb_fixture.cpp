#include "verb_fixture.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>

namespace conclave {

namespace {

class FileBackend final : public VerbBackend {
public:
    std::string url() const override { return "file://" + folder_.file("coordination"); }

private:
    TempFolder folder_;
};

}  // namespace

std::unique_ptr<VerbBackend> VerbBackend::make(const std::string& kind) {
    if (kind == "redis") return std::make_unique<RedisBackend>();
    return std::make_unique<FileBackend>();
}

Verb::Verb(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), CONCLAVE_TOOL);
    process_ = std::make_unique<live::ChildProcess>(live::ChildProcess::Options{
        .arguments = std::move(arguments), .log_file = folder_.file("log")});
}

int Verb::wait() {
    poll_until(
        "the tool ends", [this] { return !process_->running(); }, 30s);
    return process_->wait();
}

void Verb::wait_for(const std::string& part) {
    poll_until("'" + part + "' is printed", [&] { return text().find(part) != std::string::npos; });
}

VerbEnded run_verb(std::vector<std::string> arguments) {
    Verb verb(std::move(arguments));
    const int code = verb.wait();
    return {code, verb.text()};
}

bool is_gone(pid_t group) { return ::kill(-group, 0) != 0 && errno == ESRCH; }

VerbEnded VerbTest::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--url", url()});
    return run_verb(std::move(arguments));
}

VerbTest::Running VerbTest::start(std::vector<std::string> verb, const std::string& script) {
    verb.insert(verb.begin() + 1, {"--url", url()});
    const std::string pid_file = folder_.file("pid");
    const std::string begin =
        "echo $$ >'" + pid_file + ".new' && mv '" + pid_file + ".new' '" + pid_file + "'; ";
    verb.insert(verb.end(), {"--", "sh", "-c", begin + script});
    Running running{std::make_unique<Verb>(std::move(verb)), 0};
    poll_until("the command runs", [&] {
        return !running.verb->process().running() || !live::read_file(pid_file).empty();
    });
    const std::string pid = live::read_file(pid_file);
    if (pid.empty()) throw std::runtime_error("it does not run: " + running.verb->text());
    running.group = static_cast<pid_t>(std::stol(pid));
    return running;
}

}  // namespace conclave
