#pragma once

// The handlers of single commands, for command_table.cpp. Each replies exactly once.

namespace conclave::servers::redis {

struct Call;

namespace commands {

// string_commands.cpp
void get(Call&);
void set(Call&);
void setnx(Call&);
void setex(Call&);
void psetex(Call&);
void getex(Call&);
void getdel(Call&);
void getset(Call&);
void mget(Call&);
void strlen(Call&);
void append(Call&);
void incr(Call&);
void decr(Call&);
void incrby(Call&);
void decrby(Call&);

// expiry_commands.cpp
void del(Call&);
void exists(Call&);
void touch(Call&);
void type(Call&);
void expire(Call&);
void pexpire(Call&);
void expireat(Call&);
void pexpireat(Call&);
void ttl(Call&);
void pttl(Call&);
void expiretime(Call&);
void pexpiretime(Call&);
void persist(Call&);

// collection_commands.cpp
void hset(Call&);
void hsetnx(Call&);
void hget(Call&);
void hmget(Call&);
void hdel(Call&);
void hexists(Call&);
void hlen(Call&);
void hkeys(Call&);
void hvals(Call&);
void hgetall(Call&);
void sadd(Call&);
void srem(Call&);
void sismember(Call&);
void scard(Call&);
void smembers(Call&);

// pubsub.cpp
void subscribe(Call&);
void psubscribe(Call&);
void unsubscribe(Call&);
void punsubscribe(Call&);
void publish(Call&);
void pubsub_numsub(Call&);
void pubsub_numpat(Call&);
void pubsub_channels(Call&);

// connection_commands.cpp
void ping(Call&);
void echo(Call&);
void select(Call&);
void quit(Call&);
void client_setname(Call&);
void client_getname(Call&);
void client_id(Call&);

// server_commands.cpp
void dbsize(Call&);
void flushdb(Call&);
void flushall(Call&);
void time(Call&);
void config_get(Call&);
void command_count(Call&);
void command_docs(Call&);
void command_info(Call&);
void command_list(Call&);
void psync(Call&);
void replconf(Call&);

}  // namespace commands
}  // namespace conclave::servers::redis
