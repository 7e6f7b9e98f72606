package org.evergrant.valkey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.RawRedis;
import org.evergrant.servers.RedisProcess;
import org.jspecify.annotations.Nullable;

/**
 * The server that the contract runs on: one that is started here, or the one that the variable
 * {@code EVERGRANT_TEST_VALKEY_URL} names, which must be one of its own for tests: its settings are
 * changed and put back. What the tests write there is deleted at the end.
 */
final class TestServer implements Backend {
    static final TestServer NONE = new TestServer(ValkeyUrl.parse("redis://127.0.0.1"), null);

    private final ValkeyUrl url;
    private final @Nullable RedisProcess process;
    private final List<BreakableNetwork> proxies = new ArrayList<>();

    private TestServer(ValkeyUrl url, @Nullable RedisProcess process) {
        this.url = url;
        this.process = process;
    }

    static TestServer find() throws IOException {
        String named = System.getenv().getOrDefault("EVERGRANT_TEST_VALKEY_URL", "");
        if (!named.isEmpty()) {
            return new TestServer(ValkeyUrl.parse(named), null);
        }
        RedisProcess process = RedisProcess.start();
        return new TestServer(ValkeyUrl.parse(process.url()), process);
    }

    @Override
    public String url(String options) {
        return "redis://" + credentials() + place() + "?" + options;
    }

    String url(BreakableNetwork proxy, String options) {
        return "redis://" + credentials() + "127.0.0.1:" + proxy.port() + "?" + options;
    }

    BreakableNetwork proxy() throws IOException {
        BreakableNetwork proxy = BreakableNetwork.to(place().host(), place().port());
        proxies.add(proxy);
        return proxy;
    }

    @Override
    public RawRedis raw(String key) throws IOException {
        RawRedis raw = RawRedis.to(place().host(), place().port());
        if (!url.password().isEmpty()) {
            String user = url.user().isEmpty() ? "default" : url.user();
            raw.call("AUTH", user, url.password().reveal());
        }
        return raw;
    }

    @Override
    public void close() throws IOException {
        for (BreakableNetwork proxy : proxies) {
            proxy.close();
        }
        if (process != null) {
            process.close();
        } else if (this != NONE) {
            say(
                    "",
                    "EVAL",
                    "for _, k in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', k) end",
                    0,
                    "contract-*");
        }
    }

    private String credentials() {
        return url.password().isEmpty() ? "" : url.user() + ":" + url.password().reveal() + "@";
    }

    private ValkeyUrl.Place place() {
        return url.places().get(0);
    }
}
