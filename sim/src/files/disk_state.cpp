#include "disk_state.hpp"

#include <algorithm>

#include "../process_state.hpp"

namespace conclave::sim {

namespace {

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part(path.substr(at, end - at));
        if (part == ".." && !parts.empty()) parts.pop_back();
        if (!part.empty() && part != "." && part != "..") parts.push_back(part);
        at = end + 1;
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string path;
    for (const std::string& part : parts) path += "/" + part;
    return path;
}

bool is_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::uint64_t bytes_below(const Node& node) {
    std::uint64_t bytes = node.content.size();
    for (const auto& [name, child] : node.entries) bytes += bytes_below(*child);
    return bytes;
}

}  // namespace

DiskState::DiskState(HostState* disk_owner, Stream stream, const DiskOptions& disk_options)
    : owner(disk_owner), random(stream), options(disk_options) {
    root->folder = true;
}

std::string DiskState::normalised(std::string_view path) const {
    std::string result = joined(parts_of(path));
    for (const auto& [link, folder] : links)
        if (is_below(result, link)) return normalised(folder + result.substr(link.size()));
    return result;
}

NodeRef DiskState::find(const std::string& path) const {
    NodeRef node = root;
    for (const std::string& part : parts_of(normalised(path))) {
        const auto found = node->entries.find(part);
        if (found == node->entries.end()) return nullptr;
        node = found->second;
    }
    return node;
}

FileOutcome DiskState::refuse(FileStatus status, const std::string& path) const {
    return {status, Effect::none, path + ": " + std::string(to_string(status))};
}

bool DiskState::is_denied(const std::string& path) const {
    return !denied.empty() && is_below(normalised(path), normalised(denied));
}

/// The folder in which `path` stands or would stand, and its name there.
FileOutcome DiskState::enter(const std::string& path, NodeRef& folder, std::string& name) const {
    if (is_denied(path)) return refuse(FileStatus::denied, path);
    std::vector<std::string> parts = parts_of(normalised(path));
    if (parts.empty()) return refuse(FileStatus::is_a_folder, path);
    name = std::move(parts.back());
    parts.pop_back();
    folder = root;
    for (const std::string& part : parts) {
        const auto found = folder->entries.find(part);
        if (found == folder->entries.end()) return refuse(FileStatus::not_found, path);
        folder = found->second;
        if (!folder->folder) return refuse(FileStatus::not_a_folder, path);
    }
    return {};
}

void DiskState::apply(const Change& change) {
    for (const Change::Entry& entry : change.entries) {
        if (entry.node)
            entry.folder->durable_entries[entry.name] = entry.node;
        else
            entry.folder->durable_entries.erase(entry.name);
    }
}

void DiskState::change(Change change) {
    for (const Change::Entry& entry : change.entries) {
        if (entry.node)
            entry.folder->entries[entry.name] = entry.node;
        else
            entry.folder->entries.erase(entry.name);
    }
    journal_.push_back(std::move(change));
}

FileOutcome DiskState::sync_folders() {
    for (const Change& each : journal_) apply(each);
    journal_.clear();
    return {};
}

void DiskState::go_on() {
    for (detail::Fiber* const fiber : kept_waiting) wake(*fiber, Wake::notified);
}

std::uint64_t DiskState::bytes_used() const { return bytes_below(*root); }

FileOutcome DiskState::read(const std::string& path, FileRead& read) {
    NodeRef folder;
    std::string name;
    if (FileOutcome outcome = enter(path, folder, name); !outcome.ok()) return outcome;
    const auto found = folder->entries.find(name);
    if (found == folder->entries.end()) return refuse(FileStatus::not_found, path);
    const Node& node = *found->second;
    if (node.folder) return refuse(FileStatus::is_a_folder, path);
    read.modified = {node.modified};
    if (node.content.size() > file_bytes_max) return refuse(FileStatus::too_large, path);
    read.content = node.content;
    return {};
}

FileOutcome DiskState::create(const std::string& path) {
    NodeRef folder;
    std::string name;
    if (FileOutcome outcome = enter(path, folder, name); !outcome.ok()) return outcome;
    const auto found = folder->entries.find(name);
    if (found == folder->entries.end()) {
        change({{{folder, name, std::make_shared<Node>()}}});
        return {};
    }
    if (found->second->folder) return refuse(FileStatus::is_a_folder, path);
    found->second->content.clear();
    return {};
}

FileOutcome DiskState::write(const std::string& path, std::string_view content) {
    const NodeRef node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    if (bytes_used() + content.size() > options.capacity_bytes)
        return refuse(FileStatus::no_space, path);
    node->content = content;
    return {};
}

FileOutcome DiskState::sync_file(const std::string& path) {
    const NodeRef node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    node->durable_content = node->content;
    return {};
}

FileOutcome DiskState::rename(const std::string& from, const std::string& to) {
    if (normalised(from) == normalised(to)) return {};
    NodeRef source, target;
    std::string old_name, new_name;
    if (FileOutcome outcome = enter(from, source, old_name); !outcome.ok()) return outcome;
    if (FileOutcome outcome = enter(to, target, new_name); !outcome.ok()) return outcome;
    const auto moved = source->entries.find(old_name);
    if (moved == source->entries.end()) return refuse(FileStatus::not_found, from);
    const auto replaced = target->entries.find(new_name);
    if (replaced != target->entries.end() && replaced->second->folder)
        return refuse(FileStatus::is_a_folder, to);
    change({{{target, new_name, moved->second}, {source, old_name, nullptr}}});
    return {};
}

FileOutcome DiskState::touch(const std::string& path, std::int64_t wall_now) {
    if (is_denied(path)) return refuse(FileStatus::denied, path);
    const NodeRef node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    node->modified = wall_now;
    return {};
}

FileOutcome DiskState::list(const std::string& path, FileList& list) {
    if (is_denied(path)) return refuse(FileStatus::denied, path);
    const NodeRef node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    if (!node->folder) return refuse(FileStatus::not_a_folder, path);
    for (const auto& [name, child] : node->entries) list.names.push_back(name);
    return {};
}

FileOutcome DiskState::remove(const std::string& path) {
    NodeRef folder;
    std::string name;
    if (FileOutcome outcome = enter(path, folder, name); !outcome.ok()) return outcome;
    const auto found = folder->entries.find(name);
    if (found == folder->entries.end()) return refuse(FileStatus::not_found, path);
    if (!found->second->entries.empty()) return refuse(FileStatus::not_empty, path);
    change({{{folder, name, nullptr}}});
    return {};
}

FileOutcome DiskState::make_folder(const std::string& path) {
    NodeRef folder;
    std::string name;
    if (FileOutcome outcome = enter(path, folder, name); !outcome.ok()) return outcome;
    const auto found = folder->entries.find(name);
    if (found != folder->entries.end())
        return found->second->folder ? FileOutcome{} : refuse(FileStatus::not_a_folder, path);
    auto made = std::make_shared<Node>();
    made->folder = true;
    change({{{folder, name, std::move(made)}}});
    return {};
}

}  // namespace conclave::sim
