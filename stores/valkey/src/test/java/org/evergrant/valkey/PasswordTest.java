package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.testkit.NothingLeft.CANARY;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.servers.RedisProcess;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The password is in no message, log or text, whatever a server says. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class PasswordTest {
    @Test
    void aRightPasswordIsShownNowhere() throws Exception {
        try (RedisProcess server = RedisProcess.start("--requirepass", CANARY)) {
            ValkeyStore store = Samples.open(url(server.port(), CANARY));
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            assertThat(store.toString()).contains("127.0.0.1").doesNotContain(CANARY);
            server.kill();

            assertThatThrownBy(() -> store.read(ZOOM))
                    .isInstanceOf(StoreException.class)
                    .satisfies(PasswordTest::showsNothing);
            store.close();
        }
    }

    @Test
    void aWrongPasswordIsForAPerson() throws Exception {
        try (RedisProcess server = RedisProcess.start("--requirepass", "another")) {
            assertThatThrownBy(() -> Samples.open(url(server.port(), CANARY)))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("refuses user or password")
                    .satisfies(PasswordTest::showsNothing);
            assertThatThrownBy(() -> Samples.open("redis://127.0.0.1:" + server.port()))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("wants a password");
        }
    }

    @Test
    void aServerThatQuotesThePasswordIsNotQuoted() throws Exception {
        try (Parrot parrot = Parrot.start()) {
            assertThatThrownBy(() -> Samples.open(url(parrot.port(), CANARY)))
                    .isInstanceOf(EvergrantException.class)
                    .hasMessageContaining("***")
                    .satisfies(PasswordTest::showsNothing);
        }
    }

    private static void showsNothing(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain(CANARY);
    }

    private static String url(int port, String password) {
        return "redis://:" + password + "@127.0.0.1:" + port;
    }
}
