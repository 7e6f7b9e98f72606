package org.evergrant.broker;

import java.time.Duration;
import org.evergrant.Token;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Trouble;

/** A page for a person who opens the broker's address: an app a line, no script. */
final class StatusPage {
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Evergrant</title>
            <meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
            <style>
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884 }
            </style></head><body><h1>Evergrant</h1>
            <table><thead><tr><th>app<th>retention<th>generation<th>standing<th>life left<th>trouble</tr></thead>
            <tbody>
            """;
    private static final String FOOT =
            """
            <p>As JSON: <a href="v1/apps">v1/apps</a>. Numbers: <a href="metrics">metrics</a>.</p>
            </body></html>
            """;

    private StatusPage() {}

    static String of(AppPage apps) {
        StringBuilder page = new StringBuilder(HEAD);
        for (AppView app : apps.views()) {
            Token current = app.current();
            Trouble trouble = app.record().trouble();
            page.append("<tr>");
            cell(page, app.name());
            cell(page, app.app().retention().toString());
            cell(page, Long.toString(app.record().generation()));
            cell(page, app.standing());
            cell(page, current == null ? "–" : words(current.lifeLeft(app.now())));
            cell(page, trouble == null ? "–" : trouble.kind().word() + ": " + trouble.detail());
            page.append("</tr>\n");
        }
        page.append("</tbody></table>\n");
        String next = apps.next();
        if (next != null) {
            page.append("<p><a href=\"?after=").append(next).append("\">The next apps</a></p>\n");
        }
        return page.append(FOOT).toString();
    }

    private static String words(Duration left) {
        return DurationText.format(Duration.ofSeconds(left.toSeconds()));
    }

    private static void cell(StringBuilder page, String text) {
        page.append("<td>")
                .append(
                        text.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace(">", "&gt;")
                                .replace("\"", "&quot;"));
    }
}
