#pragma once

// Rings that grow by doubling and then stay: after a warm-up nothing on a message's way allocates.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace conclave::sim {

/// Bytes of a stream, addressed by their offset in the stream.
class ByteRing {
public:
    /// Makes room for the bytes begin..end-1; those of begin..kept_end-1 are kept.
    void reserve(std::uint64_t begin, std::uint64_t kept_end, std::uint64_t end) {
        if (end - begin > capacity_) [[unlikely]] grow(begin, kept_end, end);
    }

    void put(std::uint64_t offset, std::string_view bytes) {
        const std::size_t position = offset & (capacity_ - 1);
        const std::size_t straight = std::min(bytes.size(), capacity_ - position);
        std::memcpy(bytes_.get() + position, bytes.data(), straight);
        if (straight < bytes.size())
            std::memcpy(bytes_.get(), bytes.data() + straight, bytes.size() - straight);
    }

    void get(std::uint64_t offset, std::span<char> target) const {
        const std::size_t position = offset & (capacity_ - 1);
        const std::size_t straight = std::min(target.size(), capacity_ - position);
        std::memcpy(target.data(), bytes_.get() + position, straight);
        if (straight < target.size())
            std::memcpy(target.data() + straight, bytes_.get(), target.size() - straight);
    }

private:
    void grow(std::uint64_t begin, std::uint64_t kept_end, std::uint64_t end) {
        std::size_t capacity = std::max<std::size_t>(capacity_, 128);
        while (capacity < end - begin) capacity *= 2;
        ByteRing grown;
        grown.bytes_.reset(new char[capacity]);
        grown.capacity_ = capacity;
        for (std::uint64_t offset = begin; offset < kept_end; ++offset)
            grown.bytes_[offset & (capacity - 1)] = bytes_[offset & (capacity_ - 1)];
        *this = std::move(grown);
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
};

/// A queue of small values.
template <class T>
class RingQueue {
public:
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t size() const noexcept { return end_ - begin_; }
    T& front() noexcept { return items_[begin_ & (capacity_ - 1)]; }
    T& operator[](std::size_t index) noexcept { return items_[(begin_ + index) & (capacity_ - 1)]; }
    void push(const T& item) {
        if (size() == capacity_) [[unlikely]] grow();
        items_[end_++ & (capacity_ - 1)] = item;
    }
    void pop() noexcept { ++begin_; }
    void clear() noexcept { begin_ = end_; }

private:
    void grow() {
        const std::size_t capacity = std::max<std::size_t>(capacity_ * 2, 4);
        std::unique_ptr<T[]> items(new T[capacity]);
        const std::size_t count = size();
        for (std::size_t index = 0; index < count; ++index) items[index] = (*this)[index];
        items_ = std::move(items);
        capacity_ = capacity;
        begin_ = 0;
        end_ = count;
    }

    std::unique_ptr<T[]> items_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace conclave::sim
