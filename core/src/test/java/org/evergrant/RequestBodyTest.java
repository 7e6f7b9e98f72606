package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private final List<String> heard = new ArrayList<>();

    @Test
    void formThatWasHandedOverCannotBeWithdrawn() {
        RequestBody body = RequestBody.of("a=b");

        body.subscribe(new Hearing());

        assertThat(heard).containsExactly("3 bytes", "end");
        assertThat(body.withdraw()).isFalse();
    }

    @Test
    void withdrawnFormIsNeverHandedOver() {
        RequestBody body = RequestBody.of("a=b");

        assertThat(body.withdraw()).isTrue();
        body.subscribe(new Hearing());

        assertThat(heard).containsExactly("failure");
        assertThat(body.withdraw()).isTrue();
    }

    @Test
    void emptyFormProvesNothing() {
        assertThat(RequestBody.of("").withdraw()).isFalse();
        assertThat(RequestBody.of("").contentLength())
                .isEqualTo(BodyPublishers.ofString("").contentLength());
    }

    private final class Hearing implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            heard.add(bytes.remaining() + " bytes");
        }

        @Override
        public void onError(Throwable failure) {
            heard.add("failure");
        }

        @Override
        public void onComplete() {
            heard.add("end");
        }
    }
}
