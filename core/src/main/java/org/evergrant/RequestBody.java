package org.evergrant;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A mint's form, which knows whether the provider can have seen it. The client asks for it once the
 * connection stands, TLS included. Without it no provider can mint, so a mint that ends before is
 * surely none, whatever the exception says. An empty form proves nothing: all is in the head.
 */
final class RequestBody implements BodyPublisher {
    private enum State {
        HELD,
        HANDED_OVER,
        WITHDRAWN
    }

    private final BodyPublisher form;
    private final AtomicReference<State> state;

    private RequestBody(String form) {
        this.form = BodyPublishers.ofString(form);
        state = new AtomicReference<>(form.isEmpty() ? State.HANDED_OVER : State.HELD);
    }

    static RequestBody of(String form) {
        return new RequestBody(form);
    }

    /** Returns whether the form was never handed over; from then on it never will be. */
    boolean withdraw() {
        return state.compareAndSet(State.HELD, State.WITHDRAWN) || state.get() == State.WITHDRAWN;
    }

    @Override
    public long contentLength() {
        return form.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (state.compareAndSet(State.HELD, State.HANDED_OVER)
                || state.get() == State.HANDED_OVER) {
            form.subscribe(subscriber);
        } else {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("the mint has ended"));
        }
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long items) {}

        @Override
        public void cancel() {}
    }
}
