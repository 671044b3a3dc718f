import { mount } from 'svelte';
import './call.css';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
