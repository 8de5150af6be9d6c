import { theWholeWay } from './whole-way.ts';

theWholeWay('beta');
