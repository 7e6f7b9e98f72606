package org.evergrant.simulation.model;
import org.evergrant.Retention;
/** tmp */
public final class ModelCommand {
    private ModelCommand() {}
    public static void main(String[] args) {
        Bounds bounds = Bounds.of(Integer.parseInt(args[0]), Retention.parse(args[1]));
        for (int i = 2; i < args.length; i++) {
            String[] kv = args[i].split("=");
            bounds = kv[0].equals("budget") ? bounds.with(org.evergrant.MintBudget.parse(kv[1])) : bounds.with(Fault.valueOf(kv[0]), Integer.parseInt(kv[1]));
        }
        long t = System.nanoTime();
        Explorer.Found found = new Explorer(bounds, Protocol.PRODUCTION).explore(40);
        System.out.println(bounds + ": states " + found.states() + " moves " + found.moves() + " depth " + found.depth() + " recovery " + found.recovery() + " s; " + (System.nanoTime() - t) / 1000000 + " ms");
        if (found.breach() != null) {
            System.out.println("BROKEN: " + found.breach().words());
            World world = World.beginning(bounds);
            Moves moves = new Moves(bounds, Protocol.PRODUCTION);
            for (Move move : found.breach().trace()) {
                world = moves.after(world, move);
                System.out.println(world.now() + " s " + move + "  " + world.record());
            }
            System.out.println(world);
        }
    }
}
