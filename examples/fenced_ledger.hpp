#pragma once

// What a lock protects: a file that several processes append to. It refuses a token that is lower
// than the last one it has seen, and so a holder that stood still, lost its lock and does not know
// it yet: no look at valid() before a write can promise that.

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

class FencedLedger {
public:
    explicit FencedLedger(std::string path) : path_(std::move(path)) {}

    /// Appends "TOKEN LINE". False, and nothing is written, once somebody with a higher token has
    /// been here: to look and to write is one step, as a transaction of a database would make it.
    bool write(std::uint64_t token, const std::string& line) {
        const Alone alone(path_);
        if (token < last_token()) return false;
        std::ofstream(path_, std::ios::app) << token << ' ' << line << '\n';
        return true;
    }

private:
    /// No other process is in between, for as long as this lives. It guards single writes of this file
    /// on this machine, and is no substitute for the lock: that spans machines, and much work.
    class Alone {
    public:
        explicit Alone(const std::string& path)
            : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
            if (file_ < 0 || ::flock(file_, LOCK_EX) != 0)
                throw std::system_error(errno, std::generic_category(), path);
        }
        ~Alone() { ::close(file_); }
        Alone(const Alone&) = delete;
        Alone& operator=(const Alone&) = delete;

    private:
        int file_;
    };

    std::uint64_t last_token() const {
        std::ifstream lines(path_);
        std::uint64_t token = 0;
        for (std::string line; std::getline(lines, line);) token = std::stoull(line);
        return token;
    }

    std::string path_;
};
