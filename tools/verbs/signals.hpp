#pragma once

// Signals that ask the tool to end, as something to poll for. One object at a time.

namespace conclave::tool {

class EndingSignals {
public:
    /// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT end nothing by themselves, unless the tool
    /// was started with them ignored. Errors: std::system_error
    EndingSignals();
    /// The handling before comes back.
    ~EndingSignals();
    EndingSignals(const EndingSignals&) = delete;
    EndingSignals& operator=(const EndingSignals&) = delete;

    /// Readable once a signal has come.
    int descriptor() const noexcept;
    /// The next signal that has come; 0 when there is none.
    int take() noexcept;
    /// Waits at most `milliseconds` for a signal, and takes it; 0 when none came.
    int wait(int milliseconds) noexcept;
};

}  // namespace conclave::tool
