package org.evergrant.broker.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.evergrant.Lease;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * One forwarded call, on the event loop of its request.
 *
 * <ol>
 *   <li>The body is read, if it is short enough to be kept.
 *   <li>It waits for its turn, where the app has a pace, and then for a lease of a token.
 *   <li>It is sent. The lease ends with the head of the answer: the API has looked at the token.
 *   <li>A 401 about the token is reported, once for all who met it, and the call made once more
 *       with the next token, if nothing of its body is lost.
 *   <li>Any other answer is passed on.
 * </ol>
 */
final class Call implements Line.Waiter {
    /** As nginx counts it: the caller left before the answer. */
    private static final int CALLER_LEFT = 499;

    /** Turns that a call takes because it had to wait for a token after the one before. */
    private static final int MOST_TURNS = 3;

    private static final int SWITCHING = 101;
    private static final int UNAUTHORIZED = 401;

    /**
     * An upload's answer may be an hour away; that its API looked at the token is not. Longer than
     * any look takes, shorter than others should wait for the next token.
     */
    private static final Duration UPLOAD_LEASE = Duration.ofSeconds(5);

    /** RFC 9110 section 9.2.2: making them twice does no more than making them once. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.OPTIONS,
                    HttpMethod.PUT,
                    HttpMethod.DELETE);

    private final ApiDoor door;
    private final HttpServerRequest request;
    private final Guest guest;
    private final Context context;
    private final Intake intake;
    private final Upload upload;
    private final Alarm answerAlarm;
    private final Alarm leaseAlarm;
    private final Stopwatch wait = new Stopwatch();
    private final Stopwatch upstream = new Stopwatch();
    private final boolean tunnels;
    private @Nullable ApiPath path;
    private @Nullable Lease lease;
    private @Nullable Token token;
    private @Nullable HttpClientRequest sent;
    private int turns;
    private boolean joining;
    private boolean replayed;
    private boolean resent;
    private boolean switched;
    private boolean over;

    Call(ApiDoor door, HttpServerRequest request, Guest guest) {
        Vertx vertx = door.proxy().vertx();
        this.door = door;
        this.request = request;
        this.guest = guest;
        this.context = vertx.getOrCreateContext();
        this.tunnels = Tunnel.isWanted(request);
        this.answerAlarm = new Alarm(vertx);
        this.leaseAlarm = new Alarm(vertx);
        int keep = door.forwarding().replayLimit();
        this.intake = new Intake(vertx, request, door.proxy().shelf(), keep, this::waitForTurn);
        this.upload = new Upload(vertx, request, intake);
        door.meters().began();
    }

    void begin(ApiPath where) {
        path = where;
        request.response().closeHandler(gone -> left());
        request.response().exceptionHandler(cut -> left());
        request.exceptionHandler(cut -> left());
        if (tunnels) {
            request.pause();
            waitForTurn();
        } else {
            intake.read();
        }
    }

    // ---- the wait

    private void waitForTurn() {
        wait.start();
        Pacer.Gate gate = door.gate();
        if (gate == null) {
            waitForToken();
            return;
        }
        turns++;
        CompletableFuture<Boolean> _ =
                gate.pass()
                        .whenComplete((passed, failure) ->
                                context.runOnContext(back -> turn(Boolean.TRUE.equals(passed))));
    }

    private void turn(boolean passed) {
        if (over) {
            return;
        }
        if (passed) {
            waitForToken();
        } else {
            refuse(
                    new Refusal(
                            Refusal.Kind.BUSY,
                            "more calls wait for their turn than can be made in time",
                            door.proxy().longestWait()));
        }
    }

    private void waitForToken() {
        joining = true;
        door.line().join(context, this);
        joining = false;
    }

    @Override
    public void leased(Lease given) {
        if (over) {
            given.close();
            return;
        }
        wait.stop();
        if (door.gate() != null && !joining && turns < MOST_TURNS) {
            // All that waited for the token beside it would go at once: its turn has passed.
            given.close();
            waitForTurn();
            return;
        }
        lease = given;
        token = given.token();
        connect(given.token());
    }

    @Override
    public void refused(Throwable why) {
        refuse(why);
    }

    // ---- the way there

    private void connect(Token with) {
        Outgoing outgoing = Outgoing.of(door, request, Objects.requireNonNull(path), with, tunnels);
        upstream.start();
        awaitAnswer();
        door.proxy()
                .clients()
                .request(outgoing.options())
                .onComplete((connected, failure) -> {
                    if (connected == null) {
                        failed(Objects.requireNonNull(failure), outgoing);
                    } else if (over) {
                        connected.reset();
                    } else {
                        send(outgoing, connected);
                    }
                });
    }

    private void send(Outgoing outgoing, HttpClientRequest to) {
        sent = to;
        outgoing.write(to.headers());
        to.exceptionHandler(cut -> {}); // its answer fails with it
        (tunnels ? to.connect() : to.response())
                .onComplete((answer, failure) -> {
                    if (answer == null) {
                        failed(Objects.requireNonNull(failure), outgoing);
                    } else if (over) {
                        to.reset();
                    } else {
                        answered(answer, outgoing.origin());
                    }
                });
        if (tunnels) {
            return;
        }
        if (!intake.isWhole()) {
            answerAlarm.cancel();
            leaseAlarm.set(UPLOAD_LEASE, this::endLease);
        }
        upload.begin(to, this::awaitAnswer);
    }

    private void awaitAnswer() {
        Duration most = door.forwarding().answerWithin();
        if (!over && upstream.isRunning()) {
            answerAlarm.set(most, () -> giveUp(most));
        }
    }

    private void giveUp(Duration most) {
        HttpClientRequest open = sent;
        refuse(
                Refusal.of(
                        Refusal.Kind.TOO_LATE,
                        "the API did not begin to answer within " + most.toMillis() + " ms"));
        if (open != null) {
            open.reset();
        }
    }

    private void failed(Throwable failure, Outgoing outgoing) {
        if (over) {
            return;
        }
        // A connection that was kept open, and closed by the API as the call went out.
        boolean again =
                failure instanceof HttpClosedException
                        && sent != null
                        && !resent
                        && !tunnels
                        && intake.isWhole()
                        && IDEMPOTENT.contains(request.method());
        if (again) {
            resent = true;
            connect(outgoing.token());
        } else {
            refuse(Failure.of(failure));
        }
    }

    // ---- the way back

    private void answered(HttpClientResponse answer, Origin origin) {
        upstream.stop();
        answerAlarm.cancel();
        endLease();
        if (answer.statusCode() == UNAUTHORIZED) {
            Unauthorized.read(
                    door.proxy().vertx(),
                    answer,
                    door.isZoomLike(),
                    refused -> judged(refused, answer, origin));
        } else {
            pass(answer, origin, Unauthorized.NOTHING);
        }
    }

    private void judged(Unauthorized refused, HttpClientResponse answer, Origin origin) {
        if (over) {
            return;
        }
        if (!refused.aboutToken()) {
            pass(answer, origin, refused);
            return;
        }
        String dead = Objects.requireNonNull(token).value().reveal();
        boolean again = !replayed && (intake.isWhole() || upload.isUntouched());
        if (again) {
            replayed = true;
            upload.forget();
            HttpClientRequest first = sent;
            sent = null;
            if (first != null && !refused.ended()) {
                first.reset();
            }
            wait.start();
        }
        // Whoever is told of the 401 finds the token reported when it calls again.
        CompletableFuture<Boolean> _ =
                door.source()
                        .rejectAsync(dead)
                        .whenComplete((newest, failure) ->
                                context.runOnContext(back -> {
                                    if (again) {
                                        turn(true);
                                    } else if (!over) {
                                        pass(answer, origin, refused);
                                    }
                                }));
    }

    private void pass(HttpClientResponse answer, Origin origin, Unauthorized read) {
        if (answer.statusCode() != SWITCHING) {
            boolean unread = upload.isUntouched();
            upload.settle();
            if (intake.isWhole()) {
                // It will not be needed again, and a download may take an hour.
                intake.close();
            }
            new Answer(door, request, answer, origin, unread)
                    .pass(read, this::end, () -> refuse(Failure.cut()));
        } else if (tunnels) {
            switched = true;
            Tunnel.open(door, request, answer, () -> end(SWITCHING));
        } else {
            refuse(Refusal.of(Refusal.Kind.NO_ANSWER, "the API switched protocols unasked"));
        }
    }

    // ---- the end

    void refuse(Throwable why) {
        if (!over) {
            end(door.proxy().refuser().refuse(request, why));
        }
    }

    /** An HTTP/2 stream also closes within the call that ends its answer: nobody has left then. */
    private void left() {
        if (switched) {
            end(SWITCHING);
        } else if (!request.response().ended()) {
            end(CALLER_LEFT);
        }
    }

    /** Ends everything that is open, whoever ended the call. */
    private void end(int status) {
        if (over) {
            return;
        }
        over = true;
        door.line().leave(this);
        answerAlarm.cancel();
        endLease();
        HttpClientRequest open = sent;
        if (open != null && (status == CALLER_LEFT || !(tunnels || upload.isSent()))) {
            open.reset();
        }
        upload.stop();
        intake.close();
        if (status != CALLER_LEFT && !switched) {
            Leftover.drop(door.proxy().vertx(), request);
        }
        door.ended(
                new Ended(
                        guest.name(),
                        request,
                        path,
                        status,
                        replayed,
                        wait.nanos(),
                        upstream.nanos()));
    }

    private void endLease() {
        leaseAlarm.cancel();
        Lease held = lease;
        lease = null;
        if (held != null) {
            held.close();
        }
    }
}
