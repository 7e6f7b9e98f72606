package org.evergrant;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.function.Supplier;
import org.evergrant.spi.Minter.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What was heard of one answer, so that a refusal that breaks off is still known as one: where the
 * status alone says that nothing was minted, a body that is too large, cut off or never ends is
 * taken as far as it came. A page of HTML behind a 404 must not look like a mint in doubt.
 */
final class HeardAnswer implements BodyHandler<byte[]> {
    private final App app;
    private final int index;
    private volatile @Nullable Part part;

    private record Part(ResponseInfo head, LimitedBody body) {}

    HeardAnswer(App app, int index) {
        this.app = app;
        this.index = index;
    }

    @Override
    public BodySubscriber<byte[]> apply(ResponseInfo head) {
        LimitedBody body = new LimitedBody();
        part = new Part(head, body);
        return body;
    }

    /** Returns the refusal that the part heard so far amounts to; without one, what is given. */
    Answer refusalOr(Supplier<Answer> otherwise) {
        Part heard = part;
        if (heard == null || !refuses(heard.head().statusCode())) {
            return otherwise.get();
        }
        return TokenAnswer.of(
                app,
                index,
                heard.head().statusCode(),
                heard.head().headers(),
                heard.body().soFar());
    }

    private static boolean refuses(int status) {
        return status >= 300 && status < 500;
    }
}
