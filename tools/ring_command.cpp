#include "ring_command.hpp"

#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>

#include "run_options.hpp"

namespace conclave::tool {

namespace {

using scenarios::FileError;

/// What follows the last '=' is the weight, so that a name may hold one: "a=b=1".
NodeWeights::value_type parse_node(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    std::string name = text.substr(0, equals);
    std::uint64_t weight = 1;
    if (equals != std::string::npos) {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + equals + 1, end, weight);
        if (read.ec != std::errc{} || read.ptr != end)
            throw FileError("--node '" + text + "': expected NAME or NAME=WEIGHT");
    }
    if (name.empty()) throw FileError("--node '" + text + "': the name is empty");
    return {std::move(name), weight};
}

HashRing ring_of_nodes(const RingArguments& arguments) {
    if (arguments.nodes.empty()) throw FileError("--node is required, unless a GROUP is named");
    NodeWeights nodes;
    for (const std::string& text : arguments.nodes) {
        const NodeWeights::value_type node = parse_node(text);
        if (!nodes.insert(node).second) throw FileError("--node '" + node.first + "': given twice");
    }
    try {
        return HashRing(nodes, arguments.partitions);
    } catch (const BadOption& error) {
        throw FileError(error.what());
    }
}

struct Placed {
    std::string key;
    std::vector<std::string> nodes;
};

void print_text(const HashRing& ring, const std::vector<Placed>& all) {
    for (const Placed& placed : all) {
        std::cout << placed.key;
        for (const std::string& node : placed.nodes) std::cout << ' ' << node;
        std::cout << '\n';
    }
    std::cout << "fingerprint " << ring.fingerprint() << '\n';
}

void print_json(const HashRing& ring, const std::vector<Placed>& all) {
    nlohmann::ordered_json out{{"version", 1},
                               {"fingerprint", ring.fingerprint()},
                               {"partitions", ring.partitions()},
                               {"nodes", ring.nodes()},
                               {"keys", nlohmann::ordered_json::array()}};
    for (const Placed& placed : all)
        out["keys"].push_back({{"key", placed.key}, {"nodes", placed.nodes}});
    // Arguments are bytes; JSON is text: what is not UTF-8 shows as U+FFFD.
    std::cout << out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void print(const RingArguments& arguments, const HashRing& ring,
           const std::vector<std::string>& keys) {
    const std::set<std::string> ignored(arguments.ignored.begin(), arguments.ignored.end());
    std::vector<Placed> all;
    for (const std::string& key : keys)
        all.push_back({key, ring.get_nodes(key, ignored, arguments.replicas)});
    if (arguments.json)
        print_json(ring, all);
    else
        print_text(ring, all);
}

int print_group(const RingArguments& arguments, const GroupReader& read_group) {
    return ProductionVerbs::run("ring", [&] {
        if (arguments.url.empty())
            throw BadOption("--url or CONCLAVE_URL is required with a GROUP");
        HashRing ring({}, arguments.partitions);
        ring.add_nodes(read_group(arguments.url, arguments.group, ring.weight_max()));
        print(arguments, ring, arguments.group_keys);
        return Exit::all_held;
    });
}

int ring_command(const RingArguments& arguments, const GroupReader& read_group) {
    if (!arguments.group.empty()) {
        if (!arguments.nodes.empty() || !arguments.keys.empty())
            throw FileError("GROUP '" + arguments.group + "' excludes --node and --key");
        return print_group(arguments, read_group);
    }
    print(arguments, ring_of_nodes(arguments), arguments.keys);
    return Exit::all_held;
}

}  // namespace

void add_ring(CLI::App& app, RingArguments& arguments, std::function<int()>& verb,
              const GroupReader& read_group) {
    CLI::App* ring = app.add_subcommand("ring", "Tell which nodes keys belong to");
    // One value an option: what follows it is not a further node.
    ring->add_option("--node", arguments.nodes, "NAME or NAME=WEIGHT; for each node")
        ->allow_extra_args(false);
    ring->add_option("--key", arguments.keys, "For each key")->allow_extra_args(false);
    ring->add_option("--ignore", arguments.ignored, "Pass over this node")->allow_extra_args(false);
    ring->add_option("--replicas", arguments.replicas, "Nodes for each key")
        ->check(CLI::Range(std::uint64_t{1}, HashRing::node_points_max))
        ->capture_default_str();
    ring->add_option("--partitions", arguments.partitions, "Points of a node of weight 1")
        ->capture_default_str();
    ring->add_flag("--json", arguments.json, "Print JSON");
    if (read_group) {
        ring->add_option("GROUP", arguments.group, "The group whose members are the nodes");
        ring->add_option("KEY", arguments.group_keys, "Keys, with a GROUP");
        ring->add_option("--url", arguments.url, "The backend of the GROUP")
            ->envname("CONCLAVE_URL");
    }
    ring->callback([&arguments, &verb, read_group] {
        verb = [&arguments, read_group] { return ring_command(arguments, read_group); };
    });
}

}  // namespace conclave::tool
