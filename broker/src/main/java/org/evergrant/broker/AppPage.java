package org.evergrant.broker;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.evergrant.App;
import org.jspecify.annotations.Nullable;

/**
 * Some of the apps, as they are now.
 *
 * @param next the name of the last one where more follow, to ask for those; null at the end
 */
record AppPage(List<AppView> views, @Nullable String next) {
    /** An app that nobody has asked for yet costs a read of the store. */
    private static final int MOST = 100;

    /**
     * Returns the apps that {@code may} accepts, from behind the one named {@code after} on: one
     * page of them, and one more where there are more.
     */
    static List<App> choose(Collection<App> all, @Nullable String after, Predicate<String> may) {
        return all.stream()
                .dropWhile(app -> after != null && !app.id().value().equals(after))
                .skip(after == null ? 0 : 1)
                .filter(app -> may.test(app.id().value()))
                .limit(MOST + 1)
                .toList();
    }

    /** Completes with the page of what {@link #choose} gave. */
    static CompletableFuture<AppPage> complete(
            List<App> chosen, Function<App, CompletableFuture<AppView>> view) {
        boolean more = chosen.size() > MOST;
        List<App> shown = more ? chosen.subList(0, MOST) : chosen;
        List<CompletableFuture<AppView>> views = shown.stream().map(view).toList();
        String next = more ? shown.get(MOST - 1).id().value() : null;
        return CompletableFuture.allOf(views.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        new AppPage(
                                views.stream().map(CompletableFuture::resultNow).toList(), next));
    }

    String json() {
        return Json.object(out -> {
            out.writeArrayPropertyStart("apps");
            for (AppView view : views) {
                out.writeStartObject();
                view.write(out);
                out.writeEndObject();
            }
            out.writeEndArray();
            if (next != null) {
                out.writeStringProperty("next", "/v1/apps?after=" + next);
            }
        });
    }
}
