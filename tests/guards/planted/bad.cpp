// Everything that simulated code must not do, once each; compiled for the symbol check only.

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <unordered_map>

namespace conclave::guards::planted {

int counter = 0;

long clock() {
    return std::chrono::steady_clock::now().time_since_epoch().count();
}
unsigned random() {
    return std::random_device()();
}
int network() {
    return ::socket(AF_INET, SOCK_STREAM, 0);
}
void thread(std::condition_variable& condition) {
    condition.notify_all();
}
int process() {
    return ::getpid();
}
bool files() {
    return std::ifstream("planted").good();
}
std::size_t hash(const std::string& text) {
    return std::hash<std::string>()(text);
}
void output(int value) {
    std::printf("%d\n", value);
}
int state() {
    return ++counter;
}

}  // namespace conclave::guards::planted
