package org.evergrant;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two threads ask while the token on the hit path has expired: one mints, both get the next. */
@JCStressTest
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both have the next token, whole.")
@Outcome(expect = FORBIDDEN, desc = "The expired one, or a part of the next.")
@State
public class HitStress {
    private final Scene scene = new Scene();

    /** Sets the scene. */
    public HitStress() {
        scene.tokens.get();
        scene.time.pass(Duration.ofHours(1));
    }

    /** Asks. */
    @Actor
    public void one(JJ_Result result) {
        result.r1 = Scene.generationIfWhole(scene.tokens.get());
    }

    /** Asks too. */
    @Actor
    public void other(JJ_Result result) {
        result.r2 = Scene.generationIfWhole(scene.tokens.get());
    }
}
